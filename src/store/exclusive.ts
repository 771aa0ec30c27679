/** Runs one piece of work at a time. */
export interface Exclusive {
  /** In the order of asking; those that are urgent before those that are not. A failing one does not hold up the next. */
  run<Result>(work: () => Promise<Result>, urgent?: boolean): Promise<Result>;
}

export function createExclusive(): Exclusive {
  const urgently: (() => Promise<void>)[] = [];
  const ordinary: (() => Promise<void>)[] = [];
  let busy = false;

  const next = async () => {
    busy = true;
    for (let turn = urgently.shift() ?? ordinary.shift(); turn !== undefined; turn = urgently.shift() ?? ordinary.shift()) {
      await turn();
      // Work that never leaves this thread would otherwise keep everything else in it waiting: sockets, timers.
      await new Promise(setImmediate);
    }
    busy = false;
  };
  return {
    run: (work, urgent = false) =>
      new Promise((resolve, reject) => {
        (urgent ? urgently : ordinary).push(() => work().then(resolve, reject));
        if (!busy) void next();
      }),
  };
}
