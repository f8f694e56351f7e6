/** @typedef {import("../widget.js").OffhookAgentElement} OffhookAgentInterface */
/** @typedef {import("./panel.js").Panel} Panel */
/** @typedef {import("./language.js").Texts} Texts */

import { OBSERVED, REFLECTED, SWITCHES, camel, isOn, read, readAnchor, readForm } from "./config.js";
import { chooseLanguage, closedTexts, directionOf, loadTexts } from "./language.js";
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
   * Is told of each file before it is imported.
   *
   * @param {string} _path beside the entry
   * @param {string} [_integrity] what it has to be, where whoever imports it knows
   */
  static vouch = (_path, _integrity) => {};

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
    if (this.#form === "panel" || this.#form === "inline") this.open({ focus: false });
    if (isOn(this, "auto-start")) this.start();
    else if (this.#hasCall()) void this.#load().then((panel) => panel.resume()).catch(() => {});
  }

  disconnectedCallback() {
    // Who is only being moved is back before the next task.
    setTimeout(() => {
      if (this.isConnected) return;
      this.#isSettled = false;
      this.#isOpen = false;
      this.#panel?.destroy();
      this.#panel = this.#loading = undefined;
    });
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (!this.isConnected) return;
    this.#draw();
    if (name === "language" || name === "lang") void this.#translate();
    this.#panel?.changed();
  }

  /** @param {{ focus?: boolean, write?: boolean }} [how] */
  open(how) {
    this.#isOpen = true;
    return this.#with((panel) => panel.open(how));
  }

  close() {
    this.#isOpen = false;
    this.#panel?.close();
    this.#draw();
  }

  /** @param {{ mode?: "voice" | "text" }} [options] */
  async start(options) {
    await this.open();
    await this.#with((panel) => panel.start(options?.mode));
  }

  end() {
    this.#panel?.conversation.end();
  }

  mute() {
    this.#panel?.conversation.mute(true);
  }

  unmute() {
    this.#panel?.conversation.mute(false);
  }

  /**
   * @param {string} text
   * @param {{ images?: (Blob | string)[] }} [options]
   */
  sendText(text, options) {
    return this.#with((panel) => panel.conversation.send(text, options?.images));
  }

  /** @param {string} text */
  sendContext(text) {
    return this.#with((panel) => panel.conversation.tell(text));
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
    return this.#panel?.conversation.agent;
  }
  get client() {
    return this.#panel?.conversation.client;
  }
  get call() {
    return this.agent?.call;
  }

  get #form() {
    return readForm(read(this, "form") ?? this.#wished.form);
  }

  get #language() {
    return chooseLanguage(read(this, "language") ?? this.#wished.language);
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
    this.#loading ??= this.#loadPanel().catch((error) => {
      this.#loading = undefined;
      this.#isOpen = false;
      this.#draw();
      this.#emit("error", { error });
      throw error;
    });
    return this.#loading;
  }

  async #loadPanel() {
    const language = this.#language;
    for (const path of ["widget/panel.js", "agent.js"]) OffhookAgentElement.vouch(path);
    const [{ Panel }, texts] = await Promise.all([import("./panel.js"), this.#loadTexts(language)]);
    this.#panel = new Panel({
      element: this,
      frame: this.#frame,
      key: this.#key,
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
      vouch: (path, integrity) => OffhookAgentElement.vouch(path, integrity),
      launcher: this.#launcher,
    }, texts, language);
    return this.#panel;
  }

  /** @param {string} styles */
  #wear(styles) {
    const root = /** @type {ShadowRoot} */ (this.shadowRoot);
    root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, sheetOf(styles)])];
  }

  /** @param {string} language */
  #loadTexts(language) {
    OffhookAgentElement.vouch(`widget/lang/${language}.js`);
    return loadTexts(language);
  }

  async #translate() {
    this.#draw();
    const language = this.#language;
    const panel = this.#panel;
    if (!panel || panel.language === language) return;
    const texts = await this.#loadTexts(language);
    if (language === this.#language) panel.translate(texts, language);
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
