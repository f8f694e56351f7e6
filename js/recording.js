/** Stands between the entry and a module that records, in the bundle that is made of both. */

import { Engine as Plain } from "../pkg/offhook.js";

export { default } from "../pkg/offhook.js";
export * from "../pkg/offhook.js";

/** The clients of a page that matter are its last ones. */
const MOST = 8;

/** Oldest first. @type {Engine[]} */
let recordings = [];

/** An engine whose trace outlives it. */
export class Engine extends Plain {
  /** @type {string | undefined} */
  #ended;
  #lived = false;

  /** @param {ConstructorParameters<typeof Plain>} given */
  constructor(...given) {
    super(...given);
    recordings = [...recordings, this].slice(-MOST);
    queueMicrotask(() => (this.#lived = true));
  }

  get recorded() {
    return this.#ended ?? this.trace();
  }

  free() {
    this.#ended = this.trace();
    // One that was made only to be thrown away has nothing to tell.
    if (!this.#lived) recordings = recordings.filter((recording) => recording !== this);
    super.free();
  }
}

/** What the page's clients were told so far, oldest first. */
export function traces() {
  return recordings.map(({ recorded }) => recorded);
}
