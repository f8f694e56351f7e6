// The tones of a page, as they leave it: what reaches its loudspeakers, judged by frequency.

import assert from "node:assert/strict";
import { TOLERANCE, openPage } from "./phone.mjs";
import { until } from "./poll.mjs";

/** Gives a signed-in phone tones: `options` are those of `createTones()`. */
export async function withTones(phone, options = {}) {
  const tones = await overhear(phone.page);
  await phone.page.evaluate(begin, options);
  return tones;
}

/** Hears what a page plays by AudioContexts that it opens from here on. */
export async function overhear(page) {
  await page.evaluate(eavesdrop);
  return new TonesHeard(page);
}

/**
 * A phone with tones that signs in while its page loads. Until `touch()` nothing is asked of the page: what the driver
 * runs in it counts as a person's touch. `said` are the names of the tones' events, as the page writes them down.
 */
export async function untouched(browser, gateway, options) {
  const page = await openPage(browser, `${gateway.page}blank.html`);
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  await page.evaluateOnNewDocument(eavesdrop);
  const given = JSON.stringify({ gateway: gateway.freeswitch, options });
  await page.evaluateOnNewDocument(`(${signInByItself})(${begin}, ${given})`);
  await page.goto(`${gateway.page}bare.html`, { waitUntil: "load" });
  return { page, said, tones: new TonesHeard(page), touch: () => page.mouse.click(10, 10) };
}

/** Runs in the page. */
function signInByItself(start, { gateway: url, options }) {
  addEventListener("load", async () => {
    await window.phone.connect({ login: "1000", password: "1234", url, dialect: "freeswitch" });
    await start(options);
    for (const event of ["blocked", "unblocked"]) tones.on(event, () => console.log(event));
    console.log("ready");
  });
}

/** Runs in the page: makes the tones, and writes down what they tell. */
async function begin(options) {
  const { createTones } = await import("/js/tones.js");
  window.tones = createTones(window.client, options);
  window.toneLog = [];
  for (const event of ["sounding", "blocked", "unblocked", "error"]) {
    tones.on(event, (detail) => {
      const { code, kind, option, message } = detail.error ?? {};
      toneLog.push({
        event, tones: detail.tones?.map(({ tone }) => tone), states: client.calls.map(({ state }) => state),
        at: performance.now(),
        ...(detail.error && { code, kind, option, message }),
      });
    });
  }
}

class TonesHeard {
  constructor(page) {
    this.page = page;
  }

  /** Waits until these frequencies are the loudest of what leaves through loudspeakers. */
  sound(hz, bound) {
    return this.#hear(hz, { isLoudest: true, ...bound });
  }

  /** Waits until these frequencies are among what leaves through loudspeakers. */
  include(hz, bound) {
    return this.#hear(hz, { isLoudest: false, ...bound });
  }

  /** Waits until nothing has left for a second in which every look heard silence. */
  async silence({ within = 10_000 } = {}) {
    const last = await this.page.evaluate(listenToSilence, within);
    assert.deepEqual(last, [], "not silent");
  }

  async #hear(hz, { isLoudest, within = 10_000 }) {
    const wanted = [hz].flat();
    const { isHeard, last } = await this.page.evaluate(listen, { wanted, isLoudest, within, tolerance: TOLERANCE });
    assert.ok(isHeard, `${wanted.join(" and ")} Hz do not sound; the last that did: ${last.join(", ") || "nothing"}`);
  }

  heard() {
    return this.page.evaluate(() => loudspeakers.heard());
  }

  /** Waits until no tone is left: no sound, no AudioContext, no audio element, no timer of its own. */
  async areOver(bound) {
    const isOver = () => tones.sounding.length === 0 && loudspeakers.open() === 0;
    await until("no tone is left", () => this.page.evaluate(isOver), bound);
    assert.deepEqual(await this.heard(), []);
  }

  /** The tones that sounded, each time that they changed. */
  async told() {
    return (await this.log("sounding")).map((entry) => entry.tones.join("+"));
  }

  async log(event) {
    return (await this.page.evaluate(() => toneLog)).filter((entry) => entry.event === event);
  }

  /** Calls a method; what came of it, as `{ value }` or the error's fields as `{ error }`. */
  order(method, ...args) {
    return this.page.evaluate(async (name, given) => {
      try {
        return { value: await tones[name](...given) };
      } catch (error) {
        const { code, kind, option } = error;
        return { error: { code, kind, option } };
      }
    }, method, args);
  }
}

/**
 * Runs in the page: a tone may be shorter than the way to the driver and back. Whoever asks before the tone begins misses
 * nothing of it.
 */
async function listen({ wanted, isLoudest, within, tolerance }) {
  const end = performance.now() + within;
  const isIn = (heard) => wanted.every((tone) => heard.some((found) => Math.abs(found - tone) <= tolerance));
  let last = [];
  for (;;) {
    const heard = loudspeakers.heard();
    if (isIn(isLoudest ? heard.slice(0, wanted.length) : heard)) return { isHeard: true, last };
    if (heard.length > 0) last = heard;
    if (performance.now() > end) return { isHeard: false, last };
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** Runs in the page: what was last heard, if it does not end. */
async function listenToSilence(within) {
  const begin = performance.now();
  let loudAt = begin;
  let last = [];
  for (;;) {
    const [heard, now] = [loudspeakers.heard(), performance.now()];
    if (heard.length > 0) [loudAt, last] = [now, heard];
    if (now - loudAt >= 1_000) return [];
    if (now - begin > within) return last;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** Runs in the page: has the ears hear what each AudioContext plays through a loudspeaker. */
function eavesdrop() {
  if (window.loudspeakers) return;
  const ends = [];
  window.loudspeakers = {
    heard: () => ends.filter(({ context }) => context.state === "running").flatMap(({ stream }) => ears.tones(stream)),
    open: () => ends.filter(({ context }) => context.state !== "closed").length,
    /** What plays them, where that is not an AudioContext by itself. */
    elements: () => ends.filter(({ context, isElement }) => isElement && context.state !== "closed").length,
    sinks: () => ends.filter(({ context }) => context.state !== "closed").map(({ context }) => context.sinkId),
  };
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (...args) {
    const [target] = args;
    const { context } = this;
    if (target instanceof AudioDestinationNode) {
      const tap = new MediaStreamAudioDestinationNode(context);
      connect.call(this, tap);
      ends.push({ context, stream: tap.stream });
    } else if (target instanceof MediaStreamAudioDestinationNode) {
      ends.push({ context, stream: target.stream, isElement: true });
    }
    return connect.apply(this, args);
  };
}
