/** @typedef {import("./language.js").Texts} Texts */
/** @typedef {import("./dom.js").Twigs} Twigs */

import { preload } from "../agent.js";
import { Ears } from "../media/ears.js";
import { pictured, wordy } from "./button.js";
import { Consent } from "./consent.js";
import { Conversation } from "./conversation.js";
import { Composer } from "./composer.js";
import { controls } from "./controls.js";
import { dress, h, render } from "./dom.js";
import { Focus } from "./focus.js";
import { CLOSE, DOWN, SETTINGS, WAVE } from "./icons.js";
import { keep, take } from "./left.js";
import { Page } from "./page.js";
import { Parts } from "./parts.js";
import { connection, isKnown, isStyled, wishes, wordsOfServer } from "./server.js";
import { Stage } from "./stage.js";
import { TranscriptView } from "./transcript.js";
import panelStyles from "./panel.css.js";

/** For what is loaded later: there is one class of errors. */
export { wrongOption } from "../error.js";

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
 * @property {typeof import("./element.js").OffhookAgentElement.vouch} vouch where files are held to hashes: one is about to be
 *   imported, which has to be that
 * @property {(name: string) => string | undefined} read what the page says in an attribute
 * @property {(name: string) => boolean} isOn
 * @property {readonly string[]} languages
 * @property {(language: string) => void} keepLanguage
 * @property {{ focus(): void }} launcher
 */

/**
 * @typedef {object} Around what a corner knows of the panel
 * @property {Shell} shell
 * @property {Conversation} conversation
 * @property {Consent} consent
 * @property {() => string} language
 * @property {() => import("../media/ears.js").Ears} ears
 * @property {() => void} changed
 * @property {() => void} retry
 * @property {() => void} write
 * @property {() => void} again
 */

/** Attributes and properties that say whom a session is with. */
const OF_SESSION = /^(agent|version|conversation|url|dialect|region|environment|resume|credentials|connect)/;

/** The open widget. */
export class Panel {
  conversation;
  language;
  isOpen = false;
  #shell;
  #page;
  #texts;
  #box = document.createElement("section");
  #parts;
  #composer;
  #stage;
  #transcript;
  #consent;
  #focus;
  /** @type {"settings" | undefined} */
  #view;
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
    this.#page = new Page(shell, () => this.changed());
    this.conversation = new Conversation({
      options: () => connection(shell).call,
      ready: async () => {
        await this.#page.ready();
        return connection(shell).connect;
      },
      emit: (name, detail) => this.#page.emit(name, detail),
      changed: () => this.#changed(),
    });
    for (const entry of shell.tools) entry.undo = this.addTool(entry.tool);
    this.#consent = new Consent(shell, () => this.language, () => this.changed());
    this.#parts = new Parts(this.#around);
    this.#stage = new Stage(this.#parts);
    this.#transcript = new TranscriptView(this.#parts, () => this.changed(), () => this.language);
    this.#composer = new Composer({
      parts: this.#parts,
      changed: () => this.changed(),
      send: (text, images) => this.#send(text, images),
    });
    this.#focus = new Focus(this.#box, shell, () => this.#escape(), () => this.changed());
    shell.wear(panelStyles);
    Object.assign(this.#box, { className: "panel", hidden: true, tabIndex: -1 });
    for (const event of ["pointerenter", "focusin"]) this.#box.addEventListener(event, this.#prepare, { once: true });
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

  /** The conversation for who is not of the widget: what that gives is judged, and what fails has its words. */
  get handed() {
    this.#page.meet();
    return this.conversation;
  }

  /**
   * Has the page do something with the conversation.
   *
   * @template T
   * @param {(conversation: Conversation) => Promise<T>} work
   */
  hand(work) {
    return this.#page.hand(() => work(this.conversation));
  }

  /** @param {import("../widget.js").WidgetTool} tool */
  addTool(tool) {
    return this.conversation.addTool(tool);
  }

  /** @param {"voice" | "text"} [mode] */
  async start(mode) {
    const only = this.#shell.read("mode");
    const wished = only === "voice" || only === "text" ? only : mode ?? "voice";
    if (!(await this.#consent.given()) || !this.conversation.isOver) return;
    if (!this.#shell.emit("start", { mode: wished }, { cancelable: true })) return;
    await this.conversation.start(wished);
  }

  /**
   * Says it in writing; begins a conversation where there is none.
   *
   * @param {string} text
   * @param {(Blob | string)[]} [images]
   */
  async say(text, images) {
    if (this.conversation.isOver) {
      if (this.#consent.isDue) this.open();
      await this.start("text");
      if (this.#focus.isInside) this.#focus.enter(true);
    }
    return this.conversation.send(text, images);
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
    void this.#parts.translate();
    this.changed();
  }

  destroy() {
    removeEventListener("pagehide", this.#leave);
    this.#consent.decide(false);
    this.conversation.destroy();
    this.#focus.stop();
    this.#parts.stop();
    this.#box.remove();
  }

  /** Another attribute or property is set. @param {string} name */
  set(name) {
    // What was made beforehand is of no use any more.
    if (this.conversation.phase === "idle" && OF_SESSION.test(name)) {
      this.conversation.rest();
      this.conversation.reset();
    }
    this.changed();
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
    dress(this.#box, {
      part: "panel", role: this.#isInline ? "region" : "dialog", "aria-label": heading,
      "aria-modal": this.#focus.isAlone ? "true" : undefined,
      "data-phase": phase, "data-mode": conversation.mode,
      "data-talked": `${conversation.items.length > 0}`,
    });
    this.#stage.show(conversation, this.isOpen);
    if (!this.isOpen) return;
    if (isForced()) this.#parts.get("bars");
    render(this.#box, [this.#header(t, heading), ...this.#body(t, heading)]);
    this.#transcript.follow();
    this.#focus.mend();
  }

  get #isInline() {
    return this.#shell.frame.dataset.form === "inline";
  }

  /** @param {Texts} t */
  #heading(t) {
    return this.#shell.read("heading") ?? t.heading ?? "";
  }

  /** The page's words before the server's, and those before the language's. @returns {Texts} */
  #words() {
    return { ...this.#texts, ...this.#parts.words, ...wordsOfServer(this.conversation.agent?.settings), ...this.#shell.given.texts };
  }

  /**
   * @param {Texts} t
   * @param {string} heading
   */
  #header(t, heading) {
    const { conversation } = this;
    const logo = this.#shell.read("logo") ?? conversation.agent?.settings?.logoIconUrl;
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
    const { phase, mode, questions: [question] } = conversation;
    if (this.#consent.isAsking) return t.consent;
    // What waits for the person has to be said to who does not see it.
    if (question) return t.toolAsks?.replace("{name}", question.name);
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
    if (phase === "idle") return [this.#orb(t, true), this.#welcome(t, heading), this.#compose(t)];
    const hasTalked = conversation.items.length > 0 || conversation.runs.size > 0;
    return [
      conversation.mode === "voice" && this.#orb(t, !hasTalked),
      this.#talk(t), conversation.questions.length > 0 && this.#corner("asks", t),
      this.#notices(t), this.#compose(t), controls(conversation, t, this.#shell.read("mode"), (isMuted) => this.mute(isMuted)),
    ];
  }

  /**
   * @param {Texts} t
   * @param {boolean} isLarge
   */
  #orb(t, isLarge) {
    const isOfBars = this.#shell.frame.dataset.visualizer === "bars" || isForced();
    return this.#stage.view(this.conversation, t, { isLarge, isOfBars });
  }

  /** @param {Texts} t */
  #talk(t) {
    const { conversation } = this;
    const setting = conversation.agent?.settings?.showTranscript;
    const wish = this.#shell.read("transcript-view") ?? (setting === false ? "off" : "on");
    if (wish === "off" && conversation.mode === "voice") return false;
    const hasTalked = conversation.items.length > 0 || conversation.runs.size > 0;
    return (hasTalked || conversation.mode === "text") && this.#transcript.view(conversation, t);
  }

  /**
   * @param {Texts} t
   * @param {string} heading
   */
  #welcome(t, heading) {
    return h("div", { class: "welcome", key: "welcome" },
      h("p", { class: "headline", "aria-hidden": "true" }, heading),
      h("p", { class: "intro" }, t.intro),
      this.#shell.read("mode") !== "text"
        && wordy("start", "primary large", t.startCall, () => this.start("voice"), WAVE, { part: "start" }));
  }

  /** @param {Texts} t */
  #compose(t) {
    if (this.#shell.read("mode") === "voice") return false;
    const { phase } = this.conversation;
    return this.#composer.view(t, phase !== "connecting" && phase !== "permission");
  }

  /** @param {Texts} t */
  #notices(t) {
    const { unheard, notice } = this.conversation;
    const isSpeakingMuted = this.#parts.peek("muted")?.isSpeaking;
    const trouble = unheard || notice || isSpeakingMuted ? this.#parts.get("trouble") : undefined;
    return h("div", { class: "notices", key: "notices", role: "alert" }, trouble?.notice(t, isSpeakingMuted));
  }

  /**
   * @param {"asks" | "ended" | "gate" | "settings" | "trouble"} name
   * @param {Texts} t
   */
  #corner(name, t) {
    const corner = this.#parts.get(name);
    if (corner) return corner.view(t);
    if (!this.#parts.isAway(name)) return h("div", { class: "view", "aria-busy": "true", key: name });
    return h("div", { class: "view", part: "away", role: "alert", key: "away" },
      h("p", null, t.away), wordy("fetch", "primary", t.retry, () => this.#parts.retry(name)));
  }

  /** @returns {Around} */
  get #around() {
    const { conversation } = this;
    return {
      shell: this.#shell,
      conversation,
      consent: this.#consent,
      language: () => this.language,
      ears: () => new Ears(() => {}),
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

  /** @param {boolean} isMuted */
  mute(isMuted) {
    this.conversation.mute(isMuted);
    // Who is muted and speaks is told.
    if (isMuted) void this.#parts.load("muted").then((muted) => (muted ?? this.#parts.peek("muted"))?.watch());
  }

  /** A conversation that runs may end because there is no network, which then brings nothing that could say so. */
  #foresee() {
    const [first] = this.conversation.items;
    if (first && first.status !== "partial") for (const name of /** @type {const} */ (["trouble", "ended"])) this.#parts.get(name);
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
    try {
      const { confirmed } = await this.say(text, images);
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
      this.#shell.wish(wishes(settings));
      if (isStyled(settings)) {
        void this.#parts.load("styles").then((styles) => (styles ?? this.#parts.peek("styles"))?.apply(settings));
      }
      const isWaiting = conversation.phase === "idle" && this.isOpen;
      if (settings.autoStart && isWaiting && !this.#shell.isOn("auto-start")) void this.start();
    }
    if (this.#wasUp && !conversation.isUp) {
      this.#parts.peek("muted")?.stop();
      take(this.#shell.key);
    }
    this.#wasUp = conversation.isUp;
    this.#foresee();
    this.changed();
  }
  #seen = /** @type {unknown} */ (undefined);

  /** The next page takes the conversation up where this one leaves it. */
  #leave = () => {
    const { conversation } = this;
    if (!conversation.isUp || this.#shell.read("resume") === "off") return;
    const transcript = conversation.agent?.exportTranscript("json");
    const { mode, mouth } = conversation;
    keep(this.#shell.key, { isOpen: this.isOpen, mode, transcript, muted: mouth?.muted });
  };
}

/** Whether the system says the colours. */
function isForced() {
  return matchMedia("(forced-colors: active)").matches;
}
