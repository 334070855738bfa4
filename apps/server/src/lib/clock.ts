/** Where everything that depends on the time gets it from. In the demo it can be moved forward. */
export interface Clock {
  /** The marketplace's time. */
  now(): Date;
  /** When, by the machine's clock, the marketplace's clock will show this: what jobs are scheduled by. */
  machineTime(moment: Date): Date;
}

export const systemClock: Clock = { now: () => new Date(), machineTime: (moment) => moment };
