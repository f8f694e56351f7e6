/** @typedef {import("./language.js").Texts} Texts */
/** @typedef {import("./panel.js").Around} Around */
/** @typedef {readonly import("../agent.js").Device[]} Devices */

import { playTone } from "../media/tone.js";
import { wordy } from "./button.js";
import { h } from "./dom.js";
import { links, papers } from "./paper.js";

export { default as styles } from "./settings.css.js";

/** Devices, volume, language, and what else is seldom looked for. */
export class Corner {
  #around;
  /** @type {{ microphones: Devices, speakers: Devices }} */
  #devices = { microphones: [], speakers: [] };
  /** @type {unknown} */
  #of;
  #over = new AbortController();

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.#look(), { signal: this.#over.signal });
  }

  stop() {
    this.#over.abort();
  }

  /** @param {Texts} t */
  view(t) {
    const { conversation, shell, language } = this.#around;
    const { client } = conversation;
    if (client !== this.#of) {
      this.#of = client;
      void this.#look();
    }
    return h("div", { class: "view settings", part: "settings", key: "settings" },
      this.#devicesView(t),
      h("label", { class: "line" }, h("span", null, t.volume), h("input", {
        type: "range", min: "0", max: "1", step: "0.05", value: `${conversation.volume}`, "data-name": "volume",
        oninput: (/** @type {Event} */ event) => conversation.setVolume(Number(valueOf(event))),
      })),
      h("label", { class: "line" }, h("span", null, t.language), h("select", {
        "data-name": "language", onchange: (/** @type {Event} */ event) => this.#speak(valueOf(event)),
      }, shell.languages.map((code) => {
        return h("option", { key: code, value: code, lang: code, selected: code === language() }, nameOf(code));
      }))),
      shell.isOn("show-latency") && this.#latency(t),
      conversation.items.length > 0 && papers(conversation, t, this.#around.language()),
      links(conversation, t));
  }

  /** @param {Texts} t */
  #devicesView(t) {
    const { conversation } = this.#around;
    const { client } = conversation;
    const { microphones, speakers } = this.#devices;
    if (!client) return h("p", { class: "hint", key: "devices" }, t.devicesLater);
    return [
      h("label", { class: "line", key: "microphone" }, h("span", null, t.microphone),
        this.#picker("microphone", microphones, client.devices.microphoneId, t, (id) => conversation.setMicrophone(id))),
      speakers.length > 0 && h("label", { class: "line", key: "speaker" }, h("span", null, t.speaker),
        this.#picker("speaker", speakers, client.devices.speakerId, t, (id) => client.devices.setSpeaker(id))),
      wordy("test", "secondary", t.test, () => this.#test(), undefined, { key: "test" }),
    ];
  }

  /**
   * @param {string} name
   * @param {Devices} devices
   * @param {string | undefined} chosen
   * @param {Texts} t
   * @param {(id: string | undefined) => Promise<void>} choose
   */
  #picker(name, devices, chosen, t, choose) {
    return h("select", {
      "data-name": name,
      onchange: (/** @type {Event} */ event) => void choose(valueOf(event) || undefined).catch((error) => {
        this.#around.conversation.notice = { error, what: "microphone" };
      }).finally(() => this.#around.changed()),
    }, [
      h("option", { key: "", value: "", selected: chosen === undefined }, t.systemDefault),
      ...devices.map(({ deviceId, label }, place) => {
        return h("option", { key: deviceId, value: deviceId, selected: deviceId === chosen }, label || `${place + 1}`);
      }),
    ]);
  }

  /** @param {Texts} t */
  #latency(t) {
    const { greeting, turns = [] } = this.#around.conversation.latencies ?? {};
    const average = turns.length > 0 && turns.reduce((sum, turn) => sum + turn, 0) / turns.length;
    const row = (/** @type {string | undefined} */ name, /** @type {number | undefined | false} */ figure) => {
      return h("div", { key: name }, h("dt", null, name), h("dd", null, figure ? `${Math.round(figure)} ms` : "–"));
    };
    return h("div", { class: "latency", part: "latency", key: "latency" }, h("h3", null, t.latency),
      h("dl", null, row(t.greeting, greeting), row(t.latency, turns.at(-1)), row(t.average, average)),
      h("p", { class: "hint" }, t.latencyHint));
  }

  /** @param {string} language */
  #speak(language) {
    const { shell } = this.#around;
    shell.element.setAttribute("language", language);
    shell.keepLanguage(language);
    shell.emit("language", { language });
  }

  async #look() {
    const { client } = this.#around.conversation;
    if (!client) return;
    const [microphones, speakers] = await Promise.all([client.devices.microphones(), client.devices.speakers()]);
    this.#devices = { microphones, speakers };
    this.#around.changed();
  }

  async #test() {
    const { client, volume } = this.#around.conversation;
    try {
      await playTone((audio) => {
        const speaker = client?.devices.speakerId;
        audio.volume = volume;
        return speaker === undefined ? undefined : audio.setSinkId?.(speaker);
      }, this.#over.signal);
    } catch (error) {
      this.#around.shell.emit("error", { error });
    }
  }
}

/** @param {Event} event */
function valueOf({ currentTarget }) {
  return /** @type {HTMLInputElement} */ (currentTarget).value;
}

/** A language's name in itself. @param {string} code */
function nameOf(code) {
  return new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
}
