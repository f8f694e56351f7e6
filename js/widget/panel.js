/** @typedef {import("./language.js").Texts} Texts */
/** @typedef {import("./dom.js").Twigs} Twigs */

import { preload } from "../agent.js";
import { pictured, wordy } from "./button.js";
import { isOn, read } from "./config.js";
import { Consent } from "./consent.js";
import { Conversation } from "./conversation.js";
import { Composer } from "./composer.js";
import { h, render } from "./dom.js";
import { wordsOf } from "./failure.js";
import { FILES } from "./files.js";
import { Focus } from "./focus.js";
import { CLOSE, DOWN, HANGUP, MESSAGE, MICROPHONE, MUTED, SETTINGS, WAVE } from "./icons.js";
import { keep, take } from "./left.js";
import { connection, isKnown, wishes, wordsOfServer } from "./server.js";
import { Stage } from "./stage.js";
import { TranscriptView } from "./transcript.js";
import panelStyles from "./panel.css.js";

/**
 * @typedef {object} Shell the element, as the panel needs it
 * @property {HTMLElement} element
 * @property {HTMLElement} frame
 * @property {string} key
 * @property {Set<{ tool: import("../widget.js").WidgetTool, undo?: (() => void) | undefined }>} tools
 * @property {Record<string, any>} given
 * @property {(name: string, detail?: unknown, options?: { cancelable?: boolean }) => boolean} emit
 * @property {(isOpen: boolean) => void} toggle
 * @property {(wished: import("./server.js").Wished) => void} wish
 * @property {(words: string) => void} news
 * @property {(styles: string) => void} wear another style sheet
 * @property {(path: string, integrity?: string) => void} vouch a file is about to be imported, which has to be that
 * @property {{ focus(): void }} launcher
 */

/**
 * @typedef {object} Around what a corner knows of the panel
 * @property {Shell} shell
 * @property {Conversation} conversation
 * @property {Consent} consent
 * @property {() => string} language
 * @property {() => void} changed
 * @property {() => void} retry
 * @property {() => void} write
 * @property {() => void} again
 */

/** @typedef {keyof typeof CORNERS} CornerName */

/** What is loaded when it is first asked for. */
const CORNERS = {
  asks: () => import("./asks.js"),
  ended: () => import("./ended.js"),
  gate: () => import("./gate.js"),
  settings: () => import("./settings.js"),
  trouble: () => import("./trouble.js"),
};

/** The open widget. */
export class Panel {
  conversation;
  language;
  isOpen = false;
  #shell;
  #texts;
  #box = document.createElement("section");
  #composer;
  #stage = new Stage();
  #transcript;
  #consent;
  #focus;
  /** @type {"settings" | undefined} */
  #view;
  /** @type {Partial<Record<CornerName, { view(t: Texts): Twigs, stop?(): void } | "due">>} */
  #corners = {};
  /** Ends the watch over a muted microphone. @type {(() => void) | undefined} */
  #unwatch;
  #isSpeakingMuted = false;
  #isDue = false;
  #wasUp = false;

  /**
   * @param {Shell} shell
   * @param {Texts} texts
   * @param {string} language
   */
  constructor(shell, texts, language) {
    this.#shell = shell;
    this.#texts = texts;
    this.language = language;
    this.conversation = new Conversation({
      options: () => connection(shell.element, shell.given),
      emit: (name, detail) => void shell.emit(name, detail),
      changed: () => this.#changed(),
    });
    for (const entry of shell.tools) entry.undo = this.addTool(entry.tool);
    this.#consent = new Consent(shell, () => this.language, () => this.changed());
    this.#transcript = new TranscriptView(() => this.changed(), () => this.language);
    this.#composer = new Composer({
      changed: () => this.changed(),
      send: (text, images) => this.#send(text, images),
    });
    this.#focus = new Focus(this.#box, shell, () => this.#escape());
    shell.wear(panelStyles);
    this.#box.className = "panel";
    for (const event of ["pointerenter", "focusin"]) this.#box.addEventListener(event, this.#prepare, { once: true });
    this.#box.hidden = true;
    this.#box.tabIndex = -1;
    shell.frame.append(this.#box);
    addEventListener("pagehide", this.#leave);
    // Nobody waits for it yet; who starts hears of a failure.
    preload().catch(() => {});
    this.render();
  }

  /** @param {{ focus?: boolean, write?: boolean }} [how] */
  open({ focus = true, write = false } = {}) {
    if (!this.isOpen) {
      this.isOpen = true;
      this.#shell.toggle(true);
      this.#shell.emit("open");
    }
    // What is open from the start may be passed by.
    if (focus) this.#prepare();
    this.render();
    if (focus) this.#focus.enter(write);
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#view = undefined;
    const hadFocus = this.#focus.isInside;
    this.#shell.toggle(false);
    this.#shell.emit("close");
    this.conversation.rest();
    this.render();
    if (hadFocus) this.#focus.leave();
  }

  /** @param {import("../widget.js").WidgetTool} tool */
  addTool(tool) {
    // What checks arguments is loaded by the agent, when there are some.
    if (tool.parameters) this.#vouch("schema.js");
    return this.conversation.addTool(tool);
  }

  /** @param {"voice" | "text"} [mode] */
  async start(mode) {
    const wished = mode ?? (read(this.#shell.element, "mode") === "text" ? "text" : "voice");
    if (!(await this.#consent.given())) return;
    if (!this.#shell.emit("start", { mode: wished }, { cancelable: true })) return;
    await this.conversation.start(wished);
  }

  async resume() {
    const left = take(this.#shell.key);
    if (!left) return;
    if (left.isOpen) this.open({ focus: false });
    await this.conversation.resume(left);
  }

  /**
   * @param {Texts} texts
   * @param {string} language
   */
  translate(texts, language) {
    this.#texts = texts;
    this.language = language;
    this.changed();
  }

  destroy() {
    removeEventListener("pagehide", this.#leave);
    this.#unwatch?.();
    this.conversation.destroy();
    this.#focus.stop();
    for (const corner of Object.values(this.#corners)) if (corner !== "due") corner.stop?.();
    this.#box.remove();
  }

  /** Something that is shown is another: once for all that changes in one go. */
  changed() {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.render();
    });
  }

  render() {
    const { conversation } = this;
    const t = this.#words();
    const { phase } = conversation;
    const heading = this.#heading(t);
    const news = conversation.isUp || phase === "connecting" || phase === "recovering" ? (t[phase] ?? "") : "";
    this.#shell.news(news);
    Object.assign(this.#box, { hidden: !this.isOpen });
    set(this.#box, {
      part: "panel", role: this.#isInline ? "region" : "dialog", "aria-label": heading,
      "data-phase": phase, "data-mode": conversation.mode,
      "data-talked": `${conversation.items.length > 0}`,
    });
    this.#stage.show(conversation, this.isOpen);
    if (!this.isOpen) return;
    render(this.#box, [this.#header(t, heading), ...this.#body(t, heading)]);
    this.#transcript.follow();
    this.#focus.mend();
  }

  get #isInline() {
    return this.#shell.frame.dataset.form === "inline";
  }

  /** @param {Texts} t */
  #heading(t) {
    return read(this.#shell.element, "heading") ?? t.heading ?? "";
  }

  /** The page's words before the server's, and those before the language's. @returns {Texts} */
  #words() {
    return { ...this.#texts, ...wordsOfServer(this.conversation.agent?.settings), ...this.#shell.given.texts };
  }

  /**
   * @param {Texts} t
   * @param {string} heading
   */
  #header(t, heading) {
    const { conversation } = this;
    const logo = read(this.#shell.element, "logo") ?? conversation.agent?.settings?.logoIconUrl;
    const isBack = this.#view === "settings";
    // Said once is enough, where the stage or the welcome says it large.
    const isStaged = conversation.mode === "voice" && conversation.phase !== "ended" && conversation.phase !== "error";
    const isSaid = isStaged && !isBack && !this.#consent.isAsking;
    const isWelcome = isSaid && conversation.phase === "idle";
    return h("header", { part: "header", key: "header" },
      logo && h("img", { class: "logo", part: "logo", src: logo, alt: "", referrerpolicy: "no-referrer" }),
      h("div", { class: "title" },
        h("h2", { part: "heading", class: isWelcome && "unseen" }, isBack ? t.settings : heading),
        h("p", {
          class: isSaid ? "unseen" : "status", part: "status", role: "status", "data-phase": conversation.phase,
        }, this.#status(t))),
      pictured(t[isBack ? "back" : "settings"], isBack ? CLOSE : SETTINGS, () => this.#toggle(), { "data-name": "settings" }),
      !this.#isInline && pictured(t.minimise, DOWN, () => this.close(), { "data-name": "close" }));
  }

  /** @param {Texts} t */
  #status(t) {
    const { conversation } = this;
    const { phase, mode } = conversation;
    if (this.#consent.isAsking) return t.consent;
    if (mode === "text" && (phase === "listening" || phase === "speaking")) return t.chatting;
    return t[phase];
  }

  /**
   * @param {Texts} t
   * @param {string} heading
   * @returns {Twigs[]}
   */
  #body(t, heading) {
    const { conversation } = this;
    const { phase } = conversation;
    if (this.#view === "settings") return [this.#corner("settings", t)];
    if (this.#consent.isAsking) return [this.#corner("gate", t)];
    if (phase === "error" || (phase === "permission" && conversation.problem)) {
      return [this.#talk(t), this.#corner("trouble", t)];
    }
    if (phase === "ended") return [this.#talk(t), this.#corner("ended", t)];
    if (phase === "idle") return [this.#stage.view(conversation, t, true), this.#welcome(t, heading), this.#compose(t)];
    const hasTalked = conversation.items.length > 0 || conversation.runs.size > 0;
    return [
      conversation.mode === "voice" && this.#stage.view(conversation, t, !hasTalked),
      this.#talk(t), conversation.questions.length > 0 && this.#corner("asks", t),
      this.#notices(t), this.#compose(t), this.#controls(t),
    ];
  }

  /** @param {Texts} t */
  #talk(t) {
    const { conversation } = this;
    const { element } = this.#shell;
    const setting = conversation.agent?.settings?.showTranscript;
    const wish = read(element, "transcript-view") ?? (setting === false ? "off" : "on");
    if (wish === "off" && conversation.mode === "voice") return false;
    const hasTalked = conversation.items.length > 0 || conversation.runs.size > 0;
    return (hasTalked || conversation.mode === "text") && this.#transcript.view(conversation, t);
  }

  /**
   * @param {Texts} t
   * @param {string} heading
   */
  #welcome(t, heading) {
    const { element } = this.#shell;
    return h("div", { class: "welcome", key: "welcome" },
      h("p", { class: "headline", "aria-hidden": "true" }, heading),
      h("p", { class: "intro" }, t.intro),
      read(element, "mode") !== "text"
        && wordy("start", "primary large", t.startCall, () => this.start("voice"), WAVE, { part: "start" }));
  }

  /** @param {Texts} t */
  #compose(t) {
    if (read(this.#shell.element, "mode") === "voice") return false;
    const { phase } = this.conversation;
    return this.#composer.view(t, phase !== "connecting" && phase !== "permission");
  }

  /** @param {Texts} t */
  #notices(t) {
    const { conversation } = this;
    const { notice } = conversation;
    const words = conversation.unheard ? t.tapToHear
      : this.#isSpeakingMuted ? t.speakingMuted
      : notice && (notice.what === "message" ? t.notSent : wordsOf(notice.error, t)[0]);
    const notes = words && h("div", { class: "notice", part: "notice" },
      h("span", null, words),
      conversation.unheard && wordy("hear", "secondary small", "OK", conversation.unheard),
      notice && pictured(t.dismiss, CLOSE, () => {
        conversation.notice = undefined;
        this.changed();
      }));
    return h("div", { class: "notices", key: "notices", role: "alert" }, notes);
  }

  /** @param {Texts} t */
  #controls(t) {
    const { conversation } = this;
    const { mode, muted } = conversation;
    const isVoice = mode === "voice";
    const isReady = conversation.isUp && conversation.phase !== "connecting" && conversation.phase !== "permission";
    return h("div", { class: "controls", part: "controls", key: "controls", role: "group" },
      isVoice && pictured(muted ? t.unmute : t.mute, muted ? MUTED : MICROPHONE, () => this.#mute(), {
        class: "round", part: "mute", "data-name": "mute", "aria-pressed": `${muted}`, disabled: !isReady,
      }),
      read(this.#shell.element, "mode") === undefined
        && pictured(isVoice ? t.quiet : t.speak, isVoice ? MESSAGE : WAVE, () => conversation.speak(isVoice ? "text" : "voice"), {
          class: "round", part: "switch", "data-name": "switch", disabled: !isReady,
        }),
      wordy("end", "end", t.end, () => conversation.end(), HANGUP, { part: "end" }));
  }

  /**
   * @param {CornerName} name
   * @param {Texts} t
   */
  #corner(name, t) {
    const corner = this.#corners[name];
    if (corner && corner !== "due") return corner.view(t);
    if (!corner) void this.#furnish(name);
    return h("div", { class: "view", "aria-busy": "true", key: name });
  }

  /** @param {CornerName} name */
  async #furnish(name) {
    this.#corners[name] = "due";
    this.#vouch(`widget/${name}.js`);
    try {
      const { Corner, styles } = await CORNERS[name]();
      this.#shell.wear(styles);
      this.#corners[name] = new Corner(this.#around);
      this.changed();
    } catch (error) {
      // The next look asks for it again.
      delete this.#corners[name];
      this.#shell.emit("error", { error });
    }
  }

  /** @param {string} path */
  #vouch(path) {
    this.#shell.vouch(path, FILES[path]);
  }

  /** @returns {Around} */
  get #around() {
    const { conversation } = this;
    return {
      shell: this.#shell,
      conversation,
      consent: this.#consent,
      language: () => this.language,
      changed: () => this.changed(),
      retry: () => void (conversation.needed ? conversation.needed.resume() : this.start(conversation.mode)),
      write: () => this.#goOnInWriting(),
      again: () => void this.start(conversation.mode),
    };
  }

  /** Somebody is here: the session is ready when they begin. */
  #prepare = () => {
    if (this.isOpen && !this.#consent.isDue && isKnown(this.#shell)) void this.conversation.prepare();
  };

  #toggle() {
    this.#view = this.#view ? undefined : "settings";
    this.changed();
  }

  #escape() {
    if (this.#view) this.#toggle();
    else if (!this.#isInline) this.close();
  }

  #mute() {
    const isMuted = !this.conversation.muted;
    this.conversation.mute(isMuted);
    if (isMuted) void this.#watchMuted();
  }

  /** Who is muted and speaks is told. */
  async #watchMuted() {
    this.#vouch("widget/muted.js");
    try {
      const { watchMuted } = await import("./muted.js");
      const { track } = this.conversation;
      if (!track || !this.conversation.muted) return;
      this.#unwatch?.();
      this.#unwatch = watchMuted(track, () => this.conversation.isUp && this.conversation.muted, (isSpeaking) => {
        this.#isSpeakingMuted = isSpeaking;
        this.changed();
      });
    } catch {
      // Without it, the button alone says that the person is muted.
    }
  }

  #goOnInWriting() {
    const { conversation } = this;
    if (conversation.needed) conversation.needed.giveUp();
    conversation.end();
    conversation.reset();
    void this.start("text").then(() => this.#focus.enter(true));
  }

  /**
   * @param {string} text
   * @param {Blob[]} images
   */
  async #send(text, images) {
    const { conversation } = this;
    if (!conversation.isUp) {
      await this.start("text");
      this.#focus.enter(true);
    }
    try {
      const { confirmed } = await conversation.send(text, images);
      conversation.notice = confirmed ? undefined : { error: undefined, what: "message" };
      this.changed();
      return true;
    } catch (error) {
      if (conversation.isUp) conversation.notice = { error, what: "message" };
      this.changed();
      return false;
    }
  }

  #changed() {
    const { conversation } = this;
    const { settings } = conversation.agent ?? {};
    if (settings && settings !== this.#seen) {
      this.#seen = settings;
      this.#shell.wish(wishes(settings, this.#shell.frame, this.#shell.element));
      const isWaiting = conversation.phase === "idle" && this.isOpen;
      if (settings.autoStart && isWaiting && !isOn(this.#shell.element, "auto-start")) void this.start();
    }
    if (this.#wasUp && !conversation.isUp) {
      this.#unwatch?.();
      this.#isSpeakingMuted = false;
      take(this.#shell.key);
    }
    this.#wasUp = conversation.isUp;
    this.changed();
  }
  #seen = /** @type {unknown} */ (undefined);

  /** The next page takes the conversation up where this one leaves it. */
  #leave = () => {
    const { conversation } = this;
    if (!conversation.isUp || read(this.#shell.element, "resume") === "off") return;
    const transcript = conversation.agent?.exportTranscript("json");
    keep(this.#shell.key, { isOpen: this.isOpen, mode: conversation.mode, transcript });
  };
}

/**
 * @param {Element} element
 * @param {Record<string, string>} attributes
 */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}
