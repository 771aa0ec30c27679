// file: src/purse.entity.ts
import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
@Entity()
export class Purse {
  @PrimaryColumn() id: string;
  @Column() coins: number;
  @VersionColumn() version: number;
}
// file: src/purses.ts
import { Repository } from 'typeorm';
import { Purse } from './purse.entity';
export class Purses {
  constructor(private readonly purses: Repository<Purse>) {}
  async spend(id: string, amount: number) {
    const purse = await this.purses.findOneBy({ id });
    if (purse.coins < amount) throw new Error('too little');
    purse.coins -= amount;
    await this.purses.save(purse); // want `The .@VersionColumn. does not prevent it: TypeORM’s .save. raises the version and compares it with nothing`
  }
}
