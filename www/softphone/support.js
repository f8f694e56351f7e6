import { log } from "../js/log.js";
import { VERSION } from "../js/version.js";
import { announce } from "./announce.js";
import { diagnosticsText } from "./diagnostics.js";
import { Diary } from "./diary.js";
import { part } from "./dom.js";

/**
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("./quality.js").Quality} Quality
 */

/** What the page is made of, to be told from another version. */
const MODULE = new URL("../pkg/offhook_bg.wasm", document.baseURI);

/** Enough of a hash. */
const SHORT = 16;

/** A session of some hours, without its frames. */
const LIMIT = 500;

/** What a person gives to who is to help: they see first what it is. */
export class Support {
  #dialog = part(document, "support", HTMLDialogElement);
  #named = part(this.#dialog, "support-named", HTMLInputElement);
  #text = part(this.#dialog, "support-text", HTMLElement);
  #look = part(this.#dialog, "support-look", HTMLDetailsElement);
  #log = log({ level: "info", logger: false, limit: LIMIT });
  #diary = new Diary();
  #quality;
  /** @type {Client | undefined} */
  #client;
  #user = "";
  /** Whether the session that is known is one of the past. */
  #isOver = false;
  #module = "";
  /** The call in question, by its id. @type {string | undefined} */
  #id;

  /** @param {Quality} quality */
  constructor(quality) {
    this.#quality = quality;
    this.#named.addEventListener("change", () => this.#show());
    part(this.#dialog, "support-close", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    part(this.#dialog, "support-copy", HTMLButtonElement).addEventListener("click", () => this.#copy());
    // No key goes through to the phone that lies behind.
    this.#dialog.addEventListener("keydown", (event) => event.stopPropagation());
    part(document, "session-diagnostics", HTMLButtonElement).addEventListener("click", () => this.open(undefined));
  }

  /** What hears a client from the first frame on. @type {import("../../js/index.js").Plugin} */
  plugin = (client) => {
    if (this.#isOver) {
      // Until here, why a session was lost could be asked; now somebody else may be there.
      this.#log.clear();
      this.#diary.clear();
    }
    this.#isOver = false;
    this.#log(client);
    this.#diary.attach(client);
  };

  /**
   * @param {Client} client
   * @param {string} user
   */
  attach(client, user) {
    this.#client = client;
    this.#user = user;
  }

  detach() {
    this.#client = undefined;
    this.#isOver = true;
    this.#dialog.close();
  }

  /** Shows what there is to be copied. @param {string | undefined} id of a call */
  async open(id) {
    this.#id = id;
    this.#named.checked = false;
    this.#look.open = false;
    this.#say("Copy");
    this.#show();
    this.#dialog.showModal();
    this.#module ||= await hashOf(MODULE);
    this.#show();
  }

  #show() {
    this.#text.textContent = diagnosticsText({
      version: this.#module === "" ? VERSION : `${VERSION}, module ${this.#module}`,
      client: this.#client,
      user: this.#user,
      page: this.#id === undefined ? undefined : this.#diary.of(this.#id),
      record: this.#id === undefined ? undefined : this.#quality.recordOf(this.#id),
      log: this.#log.text(),
      parties: this.#diary.parties,
      isNamed: this.#named.checked,
    });
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#text.textContent ?? "");
      this.#say("Copied");
      announce("Diagnostics copied");
    } catch {
      this.#look.open = true;
      getSelection()?.selectAllChildren(this.#text);
      this.#say("Selected");
    }
  }

  /** @param {string} words */
  #say(words) {
    part(this.#dialog, "support-words", HTMLElement).textContent = words;
  }
}

/**
 * The beginning of a file's SHA-256; empty where browsers do not tell.
 *
 * @param {URL} url
 */
async function hashOf(url) {
  try {
    const bytes = await (await fetch(url, { cache: "force-cache" })).arrayBuffer();
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, SHORT);
  } catch {
    return "";
  }
}
