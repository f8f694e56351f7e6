/** What the wall clock runs ahead by more than this was sleep, in ms; as the core has it. */
const SLEEP_MS = 2_000;

/** Time since it was made, in milliseconds: also that which the machine slept, where `performance.now()` stands still. */
export class Clock {
  #last = { awake: performance.now(), wall: Date.now() };
  #passed = 0;

  get now() {
    const { awake, wall } = this.#last;
    this.#last = { awake: performance.now(), wall: Date.now() };
    const passed = this.#last.awake - awake;
    const ahead = this.#last.wall - wall - passed;
    this.#passed += ahead > SLEEP_MS ? passed + ahead : passed;
    return this.#passed;
  }
}
