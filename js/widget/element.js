/** @typedef {import("../widget.js").OffhookAgentElement} OffhookAgentInterface */
/** @typedef {import("./panel.js").Panel} Panel */
/** @typedef {import("./language.js").Texts} Texts */

import { OBSERVED, REFLECTED, SWITCHES, camel, isOn, read, readAnchor, readForm } from "./config.js";
import { LANGUAGES, chooseLanguage, closedTexts, directionOf, keepLanguage, loadTexts } from "./language.js";
import { Launcher } from "./launcher.js";
import { sheetOf } from "./sheet.js";
import frameStyles from "./frame.css.js";

/** On a server there is no element to extend, and nobody to make one. */
const Base = globalThis.HTMLElement ?? class {};

/** What pages set that has no attribute. */
const PROPERTIES = ["texts", "credentials", "callOptions", "connectOptions"];

/** What those hold. @type {WeakMap<Element, Record<string, any>>} */
const GIVEN = new WeakMap();

/** A conversation of the page before this one is looked for under this, with the agent's name. */
export const RESUME = "offhook-agent:";

/**
 * `<offhook-agent>`: draws what is seen while it is closed, and loads the rest when somebody comes near. Documented in
 * `widget.d.ts`.
 *
 * @implements {Pick<OffhookAgentInterface, "open" | "close" | "start" | "end">}
 */
export class OffhookAgentElement extends Base {
  static observedAttributes = OBSERVED;
  /**
   * Is asked for each file before it is imported: by its path beside the entry, and what it has to be, where whoever
   * imports it knows. Rejects where it is another.
   *
   * @type {((path: string, integrity?: string) => Promise<unknown> | void) | undefined}
   */
  static vouch;

  /** @type {HTMLElement} */
  #frame;
  #launcher;
  /** @type {Promise<Panel> | undefined} */
  #loading;
  /** @type {Panel | undefined} */
  #panel;
  #tools = new Set();
  #isOpen = false;
  #isSettled = false;
  /** Ends what is being loaded. */
  #over = new AbortController();
  /** What a server's settings say where the page says nothing. */
  #wished = /** @type {import("./server.js").Wished} */ ({});
  /** The state that the closed widget tells of, in words. */
  #news = "";

  constructor() {
    super();
    GIVEN.set(this, {});
    const root = this.attachShadow({ mode: "open" });
    this.#frame = document.createElement("div");
    this.#launcher = new Launcher(() => this.open().catch(() => {}), () => this.open({ write: true }).catch(() => {}));
    this.#frame.append(this.#launcher.node);
    root.append(this.#frame);
    this.#wear(frameStyles);
    // Whoever comes near is about to open it.
    for (const event of ["pointerenter", "focusin", "touchstart"]) {
      this.#launcher.node.addEventListener(event, () => void this.#load().catch(() => {}), { passive: true });
    }
  }

  connectedCallback() {
    this.#takeEarly();
    this.#draw();
    if (this.#isSettled) return;
    this.#isSettled = true;
    // Of what fails, the event tells; nobody waits for it. The keyboard stays where it is.
    if (this.#form === "panel" || this.#form === "inline") this.open({ focus: false }).catch(() => {});
    if (isOn(this, "auto-start")) this.start({ focus: false }).catch(() => {});
    else if (this.#hasCall()) void this.#load().then((panel) => panel.resume()).catch(() => {});
  }

  disconnectedCallback() {
    // Who is only being moved is back before the next task.
    setTimeout(() => {
      if (this.isConnected) return;
      this.#isSettled = false;
      this.#isOpen = false;
      this.#over.abort();
      this.#over = new AbortController();
      this.#panel?.destroy();
      this.#panel = this.#loading = undefined;
    });
  }

  /**
   * @param {string} name
   * @param {string | null} [before]
   * @param {string | null} [now]
   */
  attributeChangedCallback(name, before, now) {
    // Frameworks set again what there is.
    if (!this.isConnected || (now && now === before)) return;
    this.#draw();
    if (name === "language" || name === "lang") void this.#translate();
    this.#panel?.set(name);
  }

  /** @param {{ focus?: boolean, write?: boolean }} [how] */
  open(how) {
    this.#isOpen = true;
    // It may be closed while it is loaded.
    return this.#with((panel) => (this.#isOpen ? panel.open(how) : undefined));
  }

  close() {
    this.#isOpen = false;
    this.#panel?.close();
    this.#draw();
  }

  /** @param {{ mode?: "voice" | "text", focus?: boolean }} [options] */
  async start({ mode, focus = true } = {}) {
    await this.open({ focus, write: mode === "text" });
    await this.#with((panel) => panel.start(mode));
  }

  end() {
    this.#panel?.conversation.end();
  }

  mute() {
    this.#panel?.mute(true);
  }

  unmute() {
    this.#panel?.mute(false);
  }

  /**
   * @param {string} text
   * @param {{ images?: (Blob | string)[] }} [options]
   */
  sendText(text, options) {
    return this.#with((panel) => panel.hand(() => panel.say(text, options?.images)));
  }

  /** @param {string} text */
  sendContext(text) {
    return this.#with((panel) => panel.hand((conversation) => conversation.tell(text)));
  }

  /** @param {import("../widget.js").WidgetTool} tool */
  registerTool(tool) {
    const entry = { tool, undo: this.#panel?.addTool(tool) };
    this.#tools.add(entry);
    return () => {
      this.#tools.delete(entry);
      entry.undo?.();
    };
  }

  get opened() {
    return this.#isOpen;
  }
  get state() {
    return this.#panel?.conversation.phase ?? "idle";
  }
  get muted() {
    return this.#panel?.conversation.muted ?? false;
  }
  get transcript() {
    return this.#panel?.conversation.items ?? [];
  }
  get agent() {
    return this.#panel?.handed.agent;
  }
  get client() {
    return this.#panel?.handed.client;
  }
  get call() {
    return this.agent?.call;
  }

  get #form() {
    return readForm(read(this, "form") ?? this.#wished.form);
  }

  get #language() {
    return chooseLanguage(read(this, "language"), this.#wished.language);
  }

  /** Properties that were set before the element was defined hide those of the class. */
  #takeEarly() {
    const self = /** @type {any} */ (this);
    for (const name of [...PROPERTIES, ...[...REFLECTED, ...SWITCHES].map(camel)]) {
      if (!Object.hasOwn(self, name)) continue;
      const value = self[name];
      delete self[name];
      self[name] = value;
    }
  }

  /** Whether the page before this one left a conversation. */
  #hasCall() {
    try {
      return read(this, "resume") !== "off" && sessionStorage.getItem(this.#key) !== null;
    } catch {
      return false;
    }
  }

  get #key() {
    return RESUME + (read(this, "agent-id") ?? read(this, "number") ?? "");
  }

  /**
   * @template T
   * @param {(panel: Panel) => T} then
   */
  async #with(then) {
    this.#draw();
    return then(await this.#load());
  }

  #load() {
    const { signal } = this.#over;
    this.#loading ??= this.#loadPanel(signal).catch((error) => {
      // Who has taken it out of the page knows, and may have put it back.
      if (signal.aborted) throw error;
      this.#loading = undefined;
      this.#isOpen = false;
      this.#draw();
      this.#emit("error", { error });
      throw error;
    });
    return this.#loading;
  }

  /** @param {AbortSignal} signal */
  async #loadPanel(signal) {
    const language = this.#language;
    const key = () => this.#key;
    const [{ Panel }, texts] = await Promise.all([this.#importPanel(), this.#loadTexts(language)]);
    signal.throwIfAborted();
    this.#panel = new Panel({
      element: this,
      frame: this.#frame,
      get key() {
        return key();
      },
      tools: this.#tools,
      given: given(this),
      emit: (name, detail, options) => this.#emit(name, detail, options),
      toggle: (isOpen) => {
        this.#isOpen = isOpen;
        this.#draw();
      },
      wish: (wished) => {
        const before = this.#language;
        this.#wished = wished;
        this.#draw();
        if (this.#language !== before) void this.#translate();
      },
      news: (words) => {
        if (words === this.#news) return;
        this.#news = words;
        this.#draw();
      },
      wear: (styles) => this.#wear(styles),
      vouch: OffhookAgentElement.vouch,
      read: (name) => read(this, name),
      isOn: (name) => isOn(this, name),
      languages: LANGUAGES,
      keepLanguage,
      launcher: this.#launcher,
    }, texts, language);
    // Another one may have been chosen meanwhile.
    void this.#translate();
    return this.#panel;
  }

  /** @param {string} styles */
  #wear(styles) {
    const root = /** @type {ShadowRoot} */ (this.shadowRoot);
    root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, sheetOf(styles)])];
  }

  /** @param {string} language */
  async #loadTexts(language) {
    await OffhookAgentElement.vouch?.(`widget/lang/${language}.js`);
    return loadTexts(language);
  }

  async #importPanel() {
    await OffhookAgentElement.vouch?.("widget/panel.js");
    return import("./panel.js");
  }

  async #translate() {
    this.#draw();
    const language = this.#language;
    const panel = this.#panel;
    if (!panel || panel.language === language) return;
    try {
      const texts = await this.#loadTexts(language);
      if (language === this.#language) panel.translate(texts, language);
    } catch (error) {
      this.#emit("error", { error });
    }
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   * @param {{ cancelable?: boolean }} [options]
   */
  #emit(name, detail, options) {
    const event = new CustomEvent(`offhook-${name}`, { detail, bubbles: true, composed: true, ...options });
    return this.dispatchEvent(event);
  }

  #draw() {
    const language = this.#language;
    const { across, down } = readAnchor(read(this, "anchor"));
    const form = this.#form;
    const frame = this.#frame;
    frame.className = "frame";
    frame.setAttribute("part", "frame");
    frame.lang = language;
    frame.dir = directionOf(language);
    Object.assign(frame.dataset, {
      form, across, down, theme: read(this, "theme") ?? this.#wished.theme ?? "auto", open: `${this.#isOpen}`,
      visualizer: read(this, "visualizer") ?? this.#wished.visualizer ?? "orb",
    });
    const [talk, write] = closedTexts(language);
    const { texts = {} } = given(this);
    this.#launcher.show({
      isSeen: !this.#isOpen && form !== "inline",
      isPill: form === "pill",
      isBoth: read(this, "mode") === undefined,
      label: read(this, "label") ?? texts.talk ?? talk,
      write: texts.write ?? write,
      news: this.#news,
    });
  }
}

for (const name of PROPERTIES) {
  Object.defineProperty(OffhookAgentElement.prototype, name, {
    configurable: true,
    enumerable: true,
    /** @this {OffhookAgentElement} */
    get() {
      return given(this)[name];
    },
    /** @this {OffhookAgentElement} */
    set(value) {
      given(this)[name] = value;
      this.attributeChangedCallback(name);
    },
  });
}

for (const [names, isSwitch] of /** @type {const} */ ([[REFLECTED, false], [SWITCHES, true]])) {
  for (const name of names) {
    Object.defineProperty(OffhookAgentElement.prototype, camel(name), {
      configurable: true,
      enumerable: true,
      /** @this {Element} */
      get() {
        return isSwitch ? isOn(this, name) : (read(this, name) ?? "");
      },
      /** @this {Element} */
      set(value) {
        if (value === undefined || value === null || value === false) this.removeAttribute(name);
        else this.setAttribute(name, isSwitch ? "" : `${value}`);
      },
    });
  }
}

/** @param {Element} element */
function given(element) {
  return /** @type {Record<string, any>} */ (GIVEN.get(element));
}

/** Defines `<offhook-agent>`, where there is a browser and nobody has done so. */
export function defineElement() {
  const registry = globalThis.customElements;
  if (!registry || registry.get("offhook-agent")) return;
  registry.define("offhook-agent", /** @type {any} */ (OffhookAgentElement));
}
