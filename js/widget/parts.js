// What the open widget loads when it is first asked for.

/** @typedef {import("./language.js").Texts} Texts */
/** @typedef {import("./panel.js").Around} Around */

import { late } from "../late.js";

const LOADERS = {
  asks: () => import("./asks.js"),
  bars: () => import("./bars.js"),
  ended: () => import("./ended.js"),
  gate: () => import("./gate.js"),
  muted: () => import("./muted.js"),
  pictures: () => import("./pictures.js"),
  rich: () => import("./rich.js"),
  settings: () => import("./settings.js"),
  styles: () => import("./styles.js"),
  trouble: () => import("./trouble.js"),
};

/** @typedef {keyof typeof LOADERS} Name */
/** @typedef {{ [N in Name]: InstanceType<Awaited<ReturnType<typeof LOADERS[N]>>["Corner"]> }} All */

/** Those that say nothing. @type {Name[]} */
const SILENT = ["bars", "muted", "rich", "styles"];

/** What could not be loaded is asked for again by who looks so much later. */
const AGAIN_MS = 5_000;

export class Parts {
  /** What they say. @type {Texts} */
  words = {};
  #around;
  /** @type {{ [N in Name]?: All[N] }} */
  #loaded = {};
  /** Those that are being loaded, and until when those are left that could not be. @type {{ [N in Name]?: number }} */
  #due = {};
  /** @type {typeof import("./ground.js") | undefined} */
  #ground;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  /**
   * A part, once it is there.
   *
   * @template {Name} N
   * @param {N} name
   * @returns {All[N] | undefined}
   */
  get(name) {
    if (!this.#loaded[name]) void this.load(name);
    return this.#loaded[name];
  }

  /**
   * A part, if it is there.
   *
   * @template {Name} N
   * @param {N} name
   * @returns {All[N] | undefined}
   */
  peek(name) {
    return this.#loaded[name];
  }

  /** Whether it could not be loaded. @param {Name} name */
  isAway(name) {
    return Number.isFinite(this.#due[name]);
  }

  /** Tries once more to load what is away. @param {Name} name */
  retry(name) {
    delete this.#due[name];
    this.#around.changed();
  }

  /**
   * @template {Name} N
   * @param {N} name
   * @returns {Promise<All[N] | undefined>}
   */
  async load(name) {
    if ((this.#due[name] ?? 0) > Date.now()) return undefined;
    const { shell, changed } = this.#around;
    this.#due[name] = Infinity;
    try {
      const load = /** @type {() => Promise<{ Corner: new (around: Around) => All[N], styles?: string }>} */ (LOADERS[name]);
      const [{ Corner, styles }] = await Promise.all([
        late(`widget/${name}.js`, load), SILENT.includes(name) ? undefined : this.#prepare(),
      ]);
      if (styles) shell.wear(styles);
      this.#loaded[name] = new Corner(this.#around);
      delete this.#due[name];
    } catch (error) {
      this.#due[name] = Date.now() + AGAIN_MS;
      shell.emit("error", { error });
    }
    changed();
    return this.#loaded[name];
  }

  /** The language is another. */
  async translate() {
    const { language, changed, shell } = this.#around;
    const wanted = language();
    try {
      const words = await this.#ground?.loadTexts(wanted, late);
      if (!words || wanted !== language()) return;
      this.words = words;
      changed();
    } catch (error) {
      shell.emit("error", { error });
    }
  }

  stop() {
    this.#loaded.muted?.stop();
    this.#loaded.settings?.stop();
  }

  /** What those stand on that say something. */
  async #prepare() {
    if (this.#ground) return;
    const ground = await late("widget/ground.js", () => import("./ground.js"));
    const { language, shell } = this.#around;
    const wanted = language();
    this.words = await ground.loadTexts(wanted, late);
    shell.wear(ground.styles);
    this.#ground = ground;
    // Who chose another one meanwhile was told nothing in it yet.
    if (wanted !== language()) await this.translate();
  }
}
