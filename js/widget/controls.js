/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./language.js").Texts} Texts */

import { pictured, wordy } from "./button.js";
import { h } from "./dom.js";
import { HANGUP, MESSAGE, MICROPHONE, MUTED, WAVE } from "./icons.js";

/**
 * What a conversation is held with.
 *
 * @param {Conversation} conversation
 * @param {Texts} t
 * @param {string | undefined} only the mode, where the page allows no other
 * @param {(isMuted: boolean) => void} mute
 */
export function controls(conversation, t, only, mute) {
  const { mode, muted, phase } = conversation;
  const isVoice = mode === "voice";
  const isReady = conversation.isUp && phase !== "connecting" && phase !== "permission";
  return h("div", { class: "controls", part: "controls", key: "controls", role: "group" },
    isVoice && pictured(muted ? t.unmute : t.mute, muted ? MUTED : MICROPHONE, () => mute(!muted), {
      class: "round", part: "mute", "data-name": "mute", "aria-pressed": `${muted}`, disabled: !isReady,
    }),
    only === undefined
      && pictured(isVoice ? t.quiet : t.speak, isVoice ? MESSAGE : WAVE, () => conversation.speak(isVoice ? "text" : "voice"), {
        class: "round", part: "switch", "data-name": "switch", disabled: !isReady,
      }),
    wordy("end", "end", t.end, () => conversation.end(), HANGUP, { part: "end" }));
}
