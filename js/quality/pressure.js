/** How often the browser may say how busy the processor is, in ms. */
const EVERY_MS = 1_000;

/** As the Compute Pressure API names them. */
const STATES = ["nominal", "fair", "serious", "critical"];

/** How busy the machine is, while somebody wants to know and as far as the browser tells. */
export class Pressure {
  /** From 0, nominal, to 3, critical; less where it is not known. */
  level = -1;
  /** @type {{ observe(source: string, options: object): Promise<void>, disconnect(): void } | undefined} */
  #observer;

  /** @param {boolean} isWanted */
  want(isWanted) {
    if (isWanted) this.#start();
    else this.close();
  }

  close() {
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.level = -1;
  }

  #start() {
    // Not in TypeScript's library: one browser has it.
    const Observer = /** @type {any} */ (globalThis)["PressureObserver"];
    if (this.#observer || !Observer) return;
    const observer = this.#observer = new Observer((/** @type {{ state: string }[]} */ records) => {
      if (observer === this.#observer) this.level = STATES.indexOf(records.at(-1)?.state ?? "");
    });
    // The page's policy may forbid it, or the machine not tell.
    observer.observe("cpu", { sampleInterval: EVERY_MS }).catch(() => {});
  }
}
