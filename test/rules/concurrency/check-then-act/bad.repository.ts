export class SeatService {
  constructor(private readonly showRepository: ShowRepository) {}

  async book(showId: string, seats: number) {
    const show = await this.showRepository.findById(showId);
    if (show.seatsLeft < seats) throw new Error('sold out');
    show.seatsLeft -= seats;
    await this.showRepository.save(show); // want `.show.seatsLeft < seats. check on line 6, on the row read on line 5, before either .this.showRepository.save. on line 8`
  }
}

interface ShowRepository {
  findById(id: string): Promise<{ id: string; seatsLeft: number }>;
  save(show: { id: string; seatsLeft: number }): Promise<void>;
}
