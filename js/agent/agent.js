/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../index.js").CallOptions} CallOptions */
/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("../index.js").ListenOptions} ListenOptions */
/** @typedef {import("../agent.js").Agent} AgentInterface */
/** @typedef {import("../agent.js").AgentEvents} AgentEvents */
/** @typedef {import("../agent.js").AgentOptions} AgentOptions */
/** @typedef {import("../agent.js").AgentState} AgentState */
/** @typedef {import("../agent.js").Tool} Tool */

import { Client as OwnClient } from "../client.js";
import { misuse, wrongOption } from "../error.js";
import { late } from "../late.js";
import { Listeners } from "../listeners.js";
import { kind } from "../options.js";
import { Levels } from "./levels.js";
import { checkAgentOptions, checkContext, checkFormat, checkMessage } from "./options.js";
import { message, toolOutput } from "./said.js";
import { readSettings } from "./settings.js";
import { Tools } from "./tools.js";
import { Transcript } from "./transcript.js";

/** The core's word for a request that nobody answered: what was sent may have arrived. */
const NO_REPLY = 60402;

/** Clients that have an agent. @type {WeakSet<Client>} */
const taken = new WeakSet();

/**
 * @param {Client} client
 * @param {AgentOptions} [options]
 */
export function createAgent(client, options) {
  if (!(client instanceof OwnClient)) {
    throw wrongOption("client", kind(client), "what connect() of this module has made: that of `offhook` has no ears");
  }
  const board = OwnClient.board(client);
  board.checkOpen();
  if (taken.has(client)) throw misuse(60073, "the client has an agent already: dispose of that one first");
  checkAgentOptions(options ?? {});
  return new Agent(client, board, options ?? {});
}

/**
 * A conversation. Documented in `agent.d.ts`.
 *
 * @implements {AgentInterface}
 */
class Agent {
  #client;
  #board;
  #listeners = new Listeners([
    "state", "transcript", "removed", "cleared", "settings", "bargeIn", "latency", "tool", "frame", "levels", "ended",
  ]);
  #transcript = new Transcript();
  #tools;
  #levels;
  #isMeasured;
  /** @type {Call | undefined} */
  #call;
  /** @type {AgentState} */
  #state = "idle";
  /** @type {import("../agent.js").WidgetSettings | undefined} */
  #settings;
  /** @type {number | undefined} */
  #greeting;
  /** @type {number[]} */
  #turns = [];
  /** Ends the listening to the client and its call. */
  #over = new AbortController();

  /**
   * @param {Client} client
   * @param {import("../switchboard.js").Switchboard} board
   * @param {AgentOptions} options
   */
  constructor(client, board, { recover = true, levels = true, transcript }) {
    this.#client = client;
    this.#board = board;
    this.#isMeasured = levels;
    this.#tools = new Tools(
      (run) => this.#listeners.tell("tool", run),
      (id, output) => this.#answer(id, output),
    );
    this.#levels = new Levels((local, remote) => board.enter((engine) => engine.levels(local, remote)), this.#listeners);
    taken.add(client);
    board.conversed = (what) => this.#hear(what);
    const { signal } = this.#over;
    if (recover) client.on("recoveredCall", ({ call }) => this.#call ?? this.attach(call), { signal });
    // A listener that is added now hears what is known already, too.
    queueMicrotask(() => signal.aborted || this.#begin(transcript));
  }

  get client() {
    return this.#client;
  }
  get call() {
    return this.#call;
  }
  get state() {
    return this.#state;
  }
  get transcript() {
    return this.#transcript.items;
  }
  get settings() {
    return this.#settings;
  }
  get latencies() {
    return Object.freeze({ turns: Object.freeze([...this.#turns]), ...(this.#greeting !== undefined && { greeting: this.#greeting }) });
  }
  get levels() {
    return this.#levels.last;
  }

  /** @param {CallOptions} [options] */
  start(options) {
    this.#check();
    this.#checkFree();
    const call = this.#client.newCall(options);
    this.attach(call);
    return call;
  }

  /** @param {Call} call */
  attach(call) {
    this.#check();
    this.#checkFree();
    if (!this.#client.calls.includes(call)) throw wrongOption("call", kind(call), "a call of this client that has not ended");
    this.#call = call;
    this.#greeting = undefined;
    this.#turns = [];
    this.#order({ do: "attach" });
    const { signal } = this.#over;
    call.on("ended", (reason) => this.#ended(reason), { signal });
    if (this.#isMeasured) this.#levels.follow(call);
  }

  end() {
    this.#check();
    this.#call?.hangup();
  }

  /**
   * @param {string} words
   * @param {{ images?: readonly (Blob | string)[] }} [options]
   */
  async sendMessage(words, options) {
    checkMessage(words, options ?? {});
    const call = this.#conversation();
    return this.#say(call, words, await readImages(options?.images ?? []), true);
  }

  /** @param {string} words */
  async sendContext(words) {
    checkContext(words);
    return this.#say(this.#conversation(), words, [], false);
  }

  /** @param {Tool} tool */
  registerTool(tool) {
    this.#check();
    return this.#tools.register(tool);
  }

  clearTranscript() {
    this.#check();
    this.#order({ do: "clear" });
  }

  /** @param {"text" | "json"} format */
  exportTranscript(format) {
    checkFormat(format);
    return format === "json" ? this.#transcript.toJson() : this.#transcript.toText();
  }

  /**
   * @template {keyof AgentEvents} K
   * @param {K} event
   * @param {(event: AgentEvents[K]) => void} listener
   * @param {ListenOptions} [options]
   */
  on(event, listener, options) {
    return this.#listeners.add(event, listener, options);
  }

  [Symbol.dispose]() {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#board.conversed = undefined;
    taken.delete(this.#client);
    this.#tools.abort(false);
    this.#levels.stop();
    this.#listeners.clear();
  }

  /** @param {string | undefined} transcript */
  #begin(transcript) {
    this.#order({ do: "tell" });
    if (transcript) this.#order({ do: "restore", items: transcript });
  }

  #check() {
    if (this.#over.signal.aborted) throw misuse(60070, "the agent was disposed of: createAgent() makes a new one");
    this.#board.checkOpen();
  }

  #checkFree() {
    if (this.#call) throw misuse(60074, "there is a conversation already: end() it first");
  }

  #conversation() {
    this.#check();
    if (this.#call?.state !== "active") {
      throw misuse(60072, "there is no conversation to say it in: start() one, and wait until its call is active");
    }
    return this.#call;
  }

  /**
   * What came of a tool. While the call is being brought back nobody hears it: then that is said after.
   *
   * @param {string} id
   * @param {string} output
   */
  #answer(id, output) {
    const call = this.#call;
    if (call?.state !== "reconnecting" && call?.state !== "dropped") {
      return this.#order({ do: "toolOutput", id, params: toolOutput(id, output) });
    }
    call.on("state", () => this.#answer(id, output), { once: true });
  }

  /** @param {{ do: string, [name: string]: unknown }} wish */
  #order(wish) {
    if (!this.#board.isClosed) this.#board.order("converse", this.#call?.id, JSON.stringify(wish));
  }

  /**
   * @param {Call} call
   * @param {string} words
   * @param {string[]} images
   * @param {boolean} isTurn
   */
  async #say(call, words, images, isTurn) {
    const id = randomId();
    let confirmed = true;
    try {
      await this.#board.ask("converse", call.id, JSON.stringify({ do: "say", isTurn, params: message(id, words, images, isTurn) }));
    } catch (error) {
      // Its echo is as good as a reply.
      confirmed = this.#transcript.find(id)?.status === "final";
      if (!confirmed && /** @type {{ code?: number }} */ (error).code !== NO_REPLY) {
        this.#order({ do: "settle", id, isDelivered: false });
        // The core of a client that was closed takes nothing back.
        if (this.#board.isClosed && this.#transcript.find(id)) this.#hear({ kind: "removed", id });
        throw error;
      }
    }
    this.#order({ do: "settle", id, isDelivered: true });
    return Object.freeze({ id, confirmed });
  }

  /** @param {import("../index.js").Termination} reason */
  #ended(reason) {
    this.#tools.abort(true);
    this.#levels.stop();
    this.#call = undefined;
    // Whoever hears of it may call again at once.
    const { latencies } = this;
    // What was still open becomes final first.
    queueMicrotask(() => {
      // A module that has a defect says nothing any more.
      if (this.#board.isClosed) this.#hear({ kind: "state", state: "ended" });
      this.#listeners.tell("ended", { reason, latencies });
    });
  }

  /** What the core says. @param {any} what */
  #hear(what) {
    switch (what.kind) {
      case "item": {
        const item = this.#transcript.put(what);
        return this.#listeners.tell("transcript", { item, index: what.index });
      }
      case "removed":
        return this.#listeners.tell("removed", { item: this.#transcript.remove(what.id) });
      case "cleared":
        this.#transcript.clear();
        return this.#listeners.tell("cleared", {});
      case "state": {
        const previous = this.#state;
        this.#state = what.state;
        if (what.state !== previous) this.#listeners.tell("state", { state: what.state, previous });
        return;
      }
      case "settings":
        this.#settings = readSettings(what.settings);
        return this.#listeners.tell("settings", { settings: this.#settings });
      case "bargeIn":
        return this.#listeners.tell("bargeIn", { item: this.#transcript.find(what.id) });
      case "latency":
        if (what.of === "greeting") this.#greeting = what.milliseconds;
        else this.#turns.push(what.milliseconds);
        return this.#listeners.tell("latency", { kind: what.of, milliseconds: what.milliseconds });
      case "tool":
        return void this.#tools.run({ ...what, callId: this.#call?.id ?? "" });
      default:
        this.#listeners.tell("frame", { params: what.params });
    }
  }
}

/** @param {readonly unknown[]} images as a message carries them @returns {Promise<string[]>} */
async function readImages(images) {
  if (images.length === 0) return [];
  const reader = await late("agent/images.js", () => import("./images.js"));
  return reader.readImages(images, { kind, wrongOption });
}

/** A version 4 UUID; `crypto.randomUUID` is missing where a page is not secure. */
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (/** @type {number} */ (bytes[6]) & 0x0f) | 0x40;
  bytes[8] = (/** @type {number} */ (bytes[8]) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
