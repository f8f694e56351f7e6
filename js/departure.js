/** @typedef {import("../pkg/offhook.js").Engine} Engine */

import { Marker } from "./marker.js";

/**
 * What is said and left when the page goes away: the other side must not listen to nothing, unless the next page comes
 * back for the call.
 */
export class Departure {
  /** @type {string[]} */
  #farewell = [];
  /** Where calls outlive their page. */
  #marker;
  #hangUp;
  #say;
  #confirms;

  /**
   * @param {import("./marker.js").Board} board
   * @param {ConstructorParameters<typeof Marker>[1] & { onReload?: string, confirmLeave?: boolean }} options
   * @param {() => void} hangUp ends every call
   * @param {(frame: string) => void} say to the gateway
   * @param {AbortSignal} signal ends the listening
   */
  constructor(board, options, hangUp, say, signal) {
    this.#marker = options.onReload === "resume" ? new Marker(board, options) : undefined;
    this.#hangUp = hangUp;
    this.#say = say;
    this.#confirms = options.confirmLeave;
    addEventListener("pagehide", this.#leave, { signal });
    addEventListener("pagehide", this.#leaveAgain, { signal });
    signal.addEventListener("abort", () => {
      this.#marker?.close();
      removeEventListener("beforeunload", confirm);
    });
  }

  /** What the page before this one left, if there is something. */
  async arrive() {
    return this.#marker?.read();
  }

  /**
   * A call came, went or changed.
   *
   * @param {Engine} engine
   * @param {boolean} isConnected until then, what the page before this one left is what there is
   * @param {boolean} isCalling
   * @param {string[]} wordless calls that open no microphone on the next page, either
   */
  prepare(engine, isConnected, isCalling, wordless) {
    // Only while there is something to lose: browsers keep no page for coming back that listens to this.
    (this.#confirms && isCalling ? addEventListener : removeEventListener)("beforeunload", confirm);
    const isKept = isConnected ? this.#marker?.keep(withWordless(engine.ask("marker", ""), wordless)) : this.#marker;
    this.#farewell = JSON.parse(engine.ask("farewell", isKept ? "" : "too"));
  }

  /** There is nothing to come back to. */
  forget() {
    this.#marker?.keep();
  }

  /** @param {PageTransitionEvent} event */
  #leave = ({ persisted }) => {
    // A page that may come back keeps its client; its calls end all the same.
    if (persisted && !this.#marker) this.#hangUp();
    else this.#farewell.forEach(this.#say);
    this.#farewell = [];
    this.#marker?.leave();
  };

  /**
   * Firefox, when it closes a tab, stops the script that it finds running, wherever that is: mostly the first that
   * hears of it. The next ones run. That is also why the words lie ready, outside of the module.
   *
   * @param {PageTransitionEvent} event
   */
  #leaveAgain = (event) => this.#leave(event);
}

/**
 * @param {string | undefined} marker
 * @param {string[]} wordless
 */
function withWordless(marker, wordless) {
  return marker && wordless.length > 0 ? JSON.stringify({ ...JSON.parse(marker), wordless }) : marker;
}

/** @param {Event} event */
function confirm(event) {
  event.preventDefault();
}
