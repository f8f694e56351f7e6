/** @typedef {import("../pkg/offhook.js").Browser} BrowserInterface */
/** @typedef {import("../pkg/offhook.js").Fact} Fact */
/** @typedef {import("../pkg/offhook.js").HappenedFact} HappenedFact */
/** @typedef {import("./media/media.js").Media} Media */

import { Wire } from "./wire.js";

/**
 * Carries out what one engine orders of its browser.
 *
 * @implements {BrowserInterface}
 */
export class Browser {
  #media;
  #wire;
  #tell;
  #hear;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Media} media
   * @param {(of: number, fact: HappenedFact) => void} tell
   * @param {(fact: Fact) => void} hear what the engine says
   */
  constructor(media, tell, hear) {
    this.#media = media;
    this.#wire = new Wire(tell);
    this.#tell = tell;
    this.#hear = hear;
  }

  /**
   * @param {number} id
   * @param {import("../pkg/offhook.js").PeerOrder["kind"]} kind
   * @param {string} payload
   */
  peer(id, kind, payload) {
    this.#media.order(id, kind, JSON.parse(payload));
  }

  /**
   * @param {number} id
   * @param {"open" | "send" | "close"} kind
   * @param {string} text
   */
  socket(id, kind, text) {
    this.#wire.order(id, kind, text);
  }

  /** @param {string} fact */
  hear(fact) {
    this.#hear(JSON.parse(fact));
  }

  /** @param {number} ms */
  wake(ms) {
    clearTimeout(this.#timer);
    if (ms >= 0) this.#timer = setTimeout(() => this.#tell(0, { kind: "timeout", payload: undefined }), ms);
  }

  /** @param {string} frame */
  say(frame) {
    this.#wire.send(frame);
  }

  /** Says what can wait, unless it would have to. @param {string} frame */
  offer(frame) {
    const can = this.#wire.hasRoom;
    if (can) this.say(frame);
    return can;
  }

  /** Lets go of everything: sockets, tracks, peers, the timer. Nothing is heard of them any more. */
  close() {
    this.wake(-1);
    this.#wire.close();
    this.#media.close();
  }
}
