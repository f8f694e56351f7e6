/** @typedef {import("../agent.js").Agent} Agent */
/** @typedef {import("../agent.js").Client} Client */
/** @typedef {import("../agent.js").Call} Call */
/** @typedef {import("../widget.js").WidgetTool} WidgetTool */
/** @typedef {import("../agent.js").ToolRun} ToolRun */
/** @typedef {import("../agent.js").TranscriptItem} TranscriptItem */
/** @typedef {import("../widget.js").WidgetState} Phase */

import { connect, createAgent } from "../agent.js";
import { noConversation } from "./failure.js";
import { Mouth } from "./mouth.js";
import { hasRecovered, isReady } from "./session.js";
import { phaseOf } from "./phase.js";
import { Toolbox } from "./toolbox.js";

/** The autoplay policy keeps the agent silent until the page is touched. */
const NOT_PLAYED = 61101;

/** An agent that has said nothing yet may not listen yet, either: so long it is given once the call is up. */
const BEGIN_WITHIN_MS = 2_000;

/** What becomes of a microphone that is pulled out. */
const LOST = { media: "deviceNotFound" };

/** Where no conversation is, and none will be by itself. @type {Phase[]} */
const OVER = ["idle", "ended", "error"];

/**
 * @typedef {object} Surroundings
 * @property {() => any} options what the page says of the call
 * @property {() => Promise<any>} ready what it says of the server, once all that it says can be used
 * @property {(name: string, detail: unknown) => void} emit
 * @property {() => void} changed something that is shown is another
 */

/** One conversation after the other: the client, the agent and what became of them. It knows no document. */
export class Conversation {
  /** Where it stands, for who looks. @type {Phase} */
  phase = "idle";
  /** @type {"voice" | "text"} */
  mode = "voice";
  /** @type {Client | undefined} */
  client;
  /** @type {Agent | undefined} */
  agent;
  /** @type {readonly TranscriptItem[]} */
  items = [];
  /** What the agent had done, and after how many items. @type {Map<string, { run: ToolRun, after: number }>} */
  runs = new Map();
  /** Why it failed. @type {any} */
  problem;
  /** What failed and ends nothing. @type {{ error: any, what: "microphone" | "message" } | undefined} */
  notice;
  /** The call waits for a microphone. @type {{ resume: () => void, giveUp: () => void } | undefined} */
  needed;
  /** The browser plays nothing before it is touched: this is for a touch. @type {(() => unknown) | undefined} */
  unheard;
  /** @type {import("../agent.js").Termination | undefined} */
  reason;
  /** @type {import("../agent.js").Latencies | undefined} */
  latencies;
  startedAt = 0;
  endedAt = 0;
  volume = 1;
  #base = /** @type {Phase} */ ("idle");
  /** @type {Call | undefined} */
  #call;
  /** Whether the agent has taken part. */
  #hasBegun = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #around;
  /** @type {Promise<Client> | undefined} */
  #connecting;
  /** Ends the listening to the client, and the wait for it. */
  #over = new AbortController();
  #tools = new Toolbox(() => this.#changed());
  /** Speaks in a call that began in writing. @type {Mouth | undefined} */
  mouth;

  /** @param {Surroundings} around */
  constructor(around) {
    this.#around = around;
  }

  /** The call, also once it is over. */
  get call() {
    return this.#call;
  }
  /** Tools that wait for the person's word. */
  get questions() {
    return this.#tools.questions;
  }
  get isUp() {
    return this.call !== undefined && this.call.state !== "done";
  }
  get isOver() {
    return OVER.includes(this.#base);
  }
  get muted() {
    return this.mouth ? this.mouth.muted : (this.call?.muted ?? false);
  }
  get levels() {
    return this.agent?.levels ?? { local: 0, remote: 0 };
  }
  /** The microphone's own track, which mute does not silence. */
  get track() {
    return this.mouth?.track ?? this.client?.devices.microphoneTrack;
  }
  /** What names this conversation to who is asked for help. */
  get reference() {
    const code = this.problem?.code ?? this.reason?.causeCode;
    return [code, this.call?.id ?? this.client?.sessid].filter(Boolean).join(" · ");
  }

  /** Signs in, so that what the server says of the widget is known and the call goes out at once. */
  async prepare() {
    try {
      await this.#connect();
      this.#changed();
    } catch {
      // Who starts the conversation hears of it.
    }
  }

  /** @param {"voice" | "text"} mode */
  async start(mode) {
    if (this.isUp || this.#base === "connecting" || this.#base === "permission") return;
    this.#forget();
    this.mode = mode;
    this.#become("connecting");
    const over = this.#over.signal;
    try {
      // What was made beforehand may be about to be made again, as after a sleep.
      const client = await isReady(await this.#connect(), over);
      const isAsked = mode === "voice" && (await client.devices.permission()) === "prompt";
      if (over.aborted) return;
      if (isAsked) this.#become("permission");
      const call = this.#agentOf(client).start({ ...this.#around.options(), audio: mode === "voice" });
      this.#follow(call);
    } catch (error) {
      // Who has ended it meanwhile knows, and what failed may be told already.
      if (!over.aborted) this.#fail(error);
    }
  }

  /**
   * Takes the conversation of the page before this one up again, if it is still there.
   *
   * @param {import("./left.js").Left} left
   */
  async resume({ mode, transcript, muted }) {
    this.mode = mode;
    this.#become("recovering");
    try {
      const client = await this.#connect(transcript);
      const agent = this.#agentOf(client, transcript);
      if (!agent.call) await hasRecovered(client, this.#over.signal);
      if (!agent.call) return this.#become("idle");
      this.#follow(agent.call);
      if (mode === "text" || muted === undefined) return;
    } catch {
      this.#release();
      return this.#become("idle");
    }
    // The call itself has no microphone to bring back.
    await this.#answered();
    void this.speak(mode);
    this.mute(muted);
  }

  /** Speaks, or goes on in writing, in the same conversation. @param {"voice" | "text"} mode */
  async speak(mode) {
    this.notice = undefined;
    if (!this.isUp) return this.start(mode);
    const call = /** @type {Call} */ (this.call);
    this.mode = mode;
    this.#listenAloud();
    this.#changed();
    try {
      if (mode === "text") this.mute(true);
      else if (call.localStream?.getAudioTracks().length || this.mouth) this.mute(false);
      else await (this.mouth = new Mouth(call, () => this.#silenced(LOST))).open(this.client?.devices.microphoneId);
    } catch (error) {
      if (call === this.call && this.isUp) this.#silenced(error);
    }
    this.#changed();
  }

  /** It goes on in writing, and who was speaking is told why. @param {unknown} error */
  #silenced(error) {
    this.mouth?.close();
    this.mouth = undefined;
    if (this.mode === "voice") this.notice = { error, what: "microphone" };
    this.mode = "text";
    this.#listenAloud();
    this.#changed();
  }

  end() {
    this.problem = undefined;
    if (this.call && this.isUp) return this.call.hangup();
    if (this.isOver) return;
    this.#release();
    this.#become("idle");
  }

  /** @param {boolean} isMuted */
  mute(isMuted) {
    if (!this.isUp) return;
    if (this.mouth) this.mouth.muted = isMuted;
    else if (isMuted) this.call?.mute();
    else this.call?.unmute();
    this.#around.emit("mute", { muted: isMuted });
    this.#changed();
  }

  /** @param {number} volume */
  setVolume(volume) {
    this.volume = volume;
    this.#listenAloud();
    this.#changed();
  }

  /** @param {string | undefined} deviceId */
  async setMicrophone(deviceId) {
    await this.client?.devices.setMicrophone(deviceId);
    await this.mouth?.open(deviceId);
  }

  /**
   * @param {string} text
   * @param {(Blob | string)[]} [images]
   */
  async send(text, images) {
    await this.#answered();
    return /** @type {Agent} */ (this.agent).sendMessage(text, images?.length ? { images } : {});
  }

  /** @param {string} text */
  async tell(text) {
    await this.#answered();
    return /** @type {Agent} */ (this.agent).sendContext(text);
  }

  /** @param {WidgetTool} tool */
  addTool(tool) {
    return this.#tools.add(tool, this.client && this.agent);
  }

  /** What is left when it is not shown any more and nobody talks: nothing. */
  rest() {
    if (!this.isUp && this.#base !== "connecting" && this.#base !== "permission") this.#release();
  }

  destroy() {
    this.call?.hangup();
    this.#release();
    this.#base = this.phase = "idle";
    this.#look();
  }

  /** Forgets why the last one ended. */
  reset() {
    this.#forget();
    this.#become("idle");
  }

  #forget() {
    this.agent?.[Symbol.dispose]();
    this.#call = this.agent = this.problem = this.reason = this.notice = this.needed = this.latencies = undefined;
    this.items = [];
    this.#hasBegun = false;
    this.runs.clear();
    this.unheard = undefined;
    this.startedAt = this.endedAt = 0;
  }

  /** @param {string} [transcript] */
  async #connect(transcript) {
    const over = this.#over.signal;
    this.#connecting ??= this.#around.ready().then((options) => connect({ ...options, signal: over })).then((client) => {
      this.client = client;
      this.#listenToClient(client);
      this.#agentOf(client, transcript);
      return isReady(client, over);
    }).catch((error) => {
      // Where it was given up, another one may be under way.
      if (!over.aborted) this.#connecting = undefined;
      throw error;
    });
    return this.#connecting;
  }

  /** @param {Client} client */
  #listenToClient(client) {
    const { signal } = this.#over;
    const changed = () => this.#changed();
    for (const event of /** @type {const} */ (["ready", "reconnecting", "callState"])) client.on(event, changed, { signal });
    client.on("warning", ({ code, resume }) => {
      if (code !== NOT_PLAYED) return;
      this.unheard = () => {
        this.unheard = undefined;
        changed();
        return resume?.();
      };
      changed();
    }, { signal });
    client.on("microphoneNeeded", ({ error, resume, giveUp }) => {
      this.needed = { resume: () => this.#retry(resume), giveUp };
      this.problem = error;
      this.#around.emit("error", { error });
      changed();
    }, { signal });
    client.on("error", ({ error, call }) => {
      if (call ? call === this.call : error.fatal) this.#fail(error, call !== undefined);
    }, { signal });
  }

  /** @param {() => void} resume */
  #retry(resume) {
    this.needed = this.problem = undefined;
    this.#changed();
    resume();
  }

  /**
   * @param {Client} client
   * @param {string} [transcript]
   */
  #agentOf(client, transcript) {
    if (this.agent) return this.agent;
    const agent = (this.agent = createAgent(client, transcript === undefined ? {} : { transcript }));
    const changed = () => this.#changed();
    this.items = agent.transcript;
    agent.on("state", changed);
    agent.on("transcript", (event) => {
      this.#begin();
      this.items = agent.transcript;
      this.#around.emit("transcript", event);
      changed();
    });
    for (const name of /** @type {const} */ (["cleared", "removed"])) {
      agent.on(name, () => {
        this.items = agent.transcript;
        changed();
      });
    }
    agent.on("settings", (event) => {
      this.#begin();
      this.#around.emit("settings", event);
      changed();
    });
    agent.on("tool", (run) => {
      this.runs.set(run.id, { run, after: this.runs.get(run.id)?.after ?? this.items.length });
      this.#around.emit("tool", run);
      changed();
    });
    agent.on("latency", (event) => {
      this.latencies = agent.latencies;
      this.#around.emit("latency", event);
      changed();
    });
    agent.on("ended", ({ reason, latencies }) => this.#ended(reason, latencies));
    this.#tools.give(agent);
    return agent;
  }

  /** @param {Call} call */
  #follow(call) {
    this.#call = call;
    this.startedAt = Date.now();
    call.on("updated", () => {
      this.#listenAloud();
      this.#changed();
    });
    call.on("state", ({ state }) => {
      if (state !== "new" && this.#base === "permission") this.#base = "connecting";
      if (state === "active") {
        if (this.needed) this.needed = this.problem = undefined;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#begin(), BEGIN_WITHIN_MS);
      }
      this.#changed();
    });
    this.#listenAloud();
    this.#changed();
  }

  #begin() {
    if (this.#hasBegun || this.call?.state !== "active") return;
    this.#hasBegun = true;
    this.#changed();
  }

  /** Who writes is not spoken to. */
  #listenAloud() {
    this.client?.devices.setVolume(this.mode === "text" ? 0 : this.volume);
  }

  /**
   * @param {import("../agent.js").Termination} reason
   * @param {import("../agent.js").Latencies} latencies
   */
  #ended(reason, latencies) {
    this.reason = reason;
    this.latencies = latencies;
    this.endedAt = Date.now();
    this.needed = undefined;
    this.#around.emit("end", { reason, latencies, seconds: (this.endedAt - this.startedAt) / 1000 });
    this.#release();
    this.#become(this.problem ? "error" : "ended");
  }

  /**
   * @param {any} error
   * @param {boolean} [isOfCall] its end will come
   */
  #fail(error, isOfCall = false) {
    // Nobody has begun anything: who begins makes another session.
    if (this.#base === "idle" || this.#base === "ended") return this.#release();
    this.problem = error;
    this.#around.emit("error", { error });
    if (isOfCall && this.isUp) return this.#changed();
    this.#release();
    this.#become("error");
  }

  /** Lets go of the client. What was said stays. */
  #release() {
    this.#over.abort();
    this.#over = new AbortController();
    clearTimeout(this.#timer);
    this.mouth?.close();
    this.#tools.refuse();
    const { client } = this;
    this.mouth = this.client = this.#connecting = undefined;
    // It settles within two seconds, and what it could say is of no use to anybody.
    client?.close().catch(() => {});
  }

  /** Resolves once there is a conversation to say something in; rejects if there will be none. */
  #answered() {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.#hasBegun && this.call?.state === "active") return done(resolve, undefined);
        if (this.isOver) return done(reject, this.problem ?? noConversation());
      };
      const done = (/** @type {(value: any) => void} */ settle, /** @type {unknown} */ value) => {
        this.#watchers.delete(look);
        settle(value);
      };
      this.#watchers.add(look);
      look();
    });
  }
  #watchers = /** @type {Set<() => void>} */ (new Set());

  /** @param {Phase} base */
  #become(base) {
    this.#base = base;
    this.#changed();
  }

  #changed() {
    const previous = this.phase;
    const state = (this.phase = phaseOf(this, this.#base));
    if (state !== previous) this.#around.emit("state", { state, previous });
    this.#look();
    this.#around.changed();
  }

  #look() {
    for (const look of [...this.#watchers]) look();
  }
}
