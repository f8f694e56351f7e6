// A person who talks to an AI agent, in a page that holds nothing but `offhook/agent`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { nothingIsLeft, openPage } from "./phone.mjs";
import { until } from "./poll.mjs";

/** What the person says: recorded speech, in base64. */
const SPEECH = readFileSync(new URL("../../gateway/voices/second.opus", import.meta.url)).toString("base64");

/** Somebody who is about to talk to the demo agent. */
export async function openTalk({ browser, gateway }, options = {}) {
  const page = await openPage(browser, `${gateway.page}blank.html`);
  const talk = new Talk(page, gateway);
  await talk.begin(options);
  return talk;
}

class Talk {
  constructor(page, gateway) {
    this.page = page;
    this.gateway = gateway;
  }

  /** Signs in, in a page that was just loaded. */
  async begin({ dialect = "telnyx", agent = {}, levels, ...options } = {}) {
    this.dialect = dialect;
    const credentials = dialect === "telnyx" ? { anonymous: { targetId: "assistant-demo" } } : { login: "1000", password: "1234" };
    await this.page.evaluate(enter, { url: this.gateway[dialect], dialect, ...credentials, ...options }, agent, SPEECH);
  }

  async start(options) {
    await this.do("start", { ...(this.dialect === "freeswitch" && { destinationNumber: "3000" }), ...options });
  }

  /** Calls a method of the agent; what came of it. */
  async order(method, ...args) {
    return this.page.evaluate(async (name, given) => {
      try {
        const value = await talk.agent[name](...given);
        return { value: value === undefined || typeof value === "object" && "hangup" in value ? undefined : value };
      } catch ({ message, kind, code }) {
        return { error: { message, kind, code } };
      }
    }, method, args);
  }

  /** Calls a method that must not fail; what it resolves to. */
  async do(method, ...args) {
    const { value, error } = await this.order(method, ...args);
    assert.equal(error, undefined, `${method}: ${JSON.stringify(error)}`);
    return value;
  }

  look() {
    return this.page.evaluate(() => {
      const { state, transcript, latencies, settings } = talk.agent;
      return { state, latencies, settings, call: talk.agent.call?.state, transcript: transcript.map((item) => ({ ...item })) };
    });
  }

  /** Waits until it is so, of what can be seen of the agent. */
  async sees(what, isSo, within) {
    let last;
    try {
      return await until(what, async () => isSo(last = await this.look()) && last, { within });
    } catch (error) {
      throw new Error(`${error.message}; the last that was seen: ${JSON.stringify(last)}`, { cause: error });
    }
  }

  /** All that was told of this kind. */
  told(event) {
    return this.page.evaluate((name) => talk.log.filter((entry) => entry.event === name).map(({ payload }) => payload), event);
  }

  /** When it was told what `isIt` of those of this kind, by the page's clock. */
  async toldAt(event, isIt) {
    const all = await this.page.evaluate((name) => talk.log.filter((entry) => entry.event === name), event);
    return all.find(({ payload }) => isIt(payload))?.at;
  }

  /** The person speaks into what the agent says next, for so many seconds; resolves when that is over. */
  interrupt(seconds) {
    return this.page.evaluate((length) => new Promise((resolve) => {
      const undo = talk.agent.on("state", ({ state }) => {
        if (state !== "speaking") return;
        undo();
        resolve(talk.speak(length));
      });
    }), seconds);
  }

  /** The person speaks, for so many seconds. */
  speak(seconds) {
    return this.page.evaluate((length) => talk.speak(length), seconds);
  }

  async close() {
    await this.page.evaluate(async () => {
      await talk.client.close();
      talk.agent[Symbol.dispose]();
    });
    await nothingIsLeft(this.page);
    assert.deepEqual(await this.page.evaluate(() => watched.reported), []);
    await this.page.close();
  }
}

/** Runs in the page. */
async function enter(options, agentOptions, speech) {
  const { connect, createAgent } = await import("/pkg/agent.js");
  const context = new AudioContext();
  void context.resume();
  const mouth = new MediaStreamAudioDestinationNode(context);
  const bytes = Uint8Array.from(atob(speech), (byte) => byte.charCodeAt(0));
  const buffer = await context.decodeAudioData(bytes.buffer);
  watched.microphone = async () => mouth.stream.clone();
  const client = await connect(options);
  const agent = createAgent(client, agentOptions);
  const log = [];
  const told = ["state", "transcript", "removed", "cleared", "settings", "bargeIn", "latency", "tool", "frame", "ended"];
  for (const event of told) {
    agent.on(event, (payload) => log.push({ event, payload: structuredClone(payload), at: performance.now() }));
  }
  const speak = (seconds) => new Promise((resolve) => {
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(mouth);
    source.onended = resolve;
    log.push({ event: "spoke", payload: { seconds }, at: performance.now() });
    source.start(0, 0, seconds);
  });
  window.talk = { client, agent, log, speak };
}
