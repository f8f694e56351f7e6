/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./language.js").Texts} Texts */

import { h } from "./dom.js";

/** Speech is quiet as figures go: what counts as loud. */
const LOUD = 0.22;

/** What shows who speaks, as loud as it is. */
export class Stage {
  #parts;
  /** @type {HTMLElement | undefined} */
  #orb;
  /** @type {import("../agent.js").Agent | undefined} */
  #agent;
  /** @type {(() => void) | undefined} */
  #undo;

  /** @param {import("./parts.js").Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * Listens to the levels while it is seen.
   *
   * @param {Conversation} conversation
   * @param {boolean} isSeen
   */
  show({ agent, isUp }, isSeen) {
    const wanted = isSeen && isUp ? agent : undefined;
    if (wanted === this.#agent) return;
    this.#undo?.();
    this.#agent = wanted;
    this.#undo = wanted?.on("levels", ({ local, remote }) => {
      if (document.hidden) return;
      this.#set("--said", local);
      this.#set("--heard", remote);
    });
    if (!wanted) for (const side of ["--said", "--heard"]) this.#set(side, 0);
  }

  /**
   * @param {Conversation} conversation
   * @param {Texts} t
   * @param {{ isLarge: boolean, isOfBars: boolean }} look
   */
  view({ phase, muted }, t, { isLarge, isOfBars }) {
    const hint = muted ? t.hintMuted : {
      permission: t.hintPermission, listening: t.hintListening, speaking: t.hintSpeaking, recovering: t.hintRecovering,
    }[/** @type {string} */ (phase)];
    return h("div", { class: isLarge ? "stage large" : "stage", part: "stage", key: "stage" },
      h("div", {
        class: "orb", part: "visualizer", "aria-hidden": "true",
        ref: (/** @type {HTMLElement} */ orb) => (this.#orb = orb),
      }, h("i", { class: "halo" }), h("i", { class: "body" }), h("i", { class: "glow" }),
      isOfBars && this.#parts.get("bars")?.view()),
      phase !== "idle" && h("div", { class: "said" },
        h("p", { class: "phase" }, t[phase]),
        hint && h("p", { class: "hint" }, hint)));
  }

  /**
   * @param {string} side
   * @param {number} level
   */
  #set(side, level) {
    this.#orb?.style.setProperty(side, Math.min(1, level / LOUD).toFixed(2));
  }
}
