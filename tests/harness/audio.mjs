// The audio session of a page, as a test sees it: what it told, and what a test has the system do to the microphone.

import assert from "node:assert/strict";
import { until } from "./poll.mjs";

const EVENTS = [
  "speakingWhileMuted", "silentMicrophone", "interrupted", "resumable", "resumed", "activated", "deactivated", "error",
];

/** Lets a test tell a track's listeners of an event: Firefox delivers none to a track that a page dispatches. */
export function tellsTracks(page) {
  return page.evaluate(() => {
    window.trackListeners = [];
    const listen = MediaStreamTrack.prototype.addEventListener;
    MediaStreamTrack.prototype.addEventListener = function (event, listener, how) {
      trackListeners.push({ track: this, event, listener, signal: how?.signal });
      return listen.call(this, event, listener, how);
    };
    window.tellTrack = (track, event) => {
      const all = trackListeners.filter((one) => one.track === track && one.event === event && !one.signal?.aborted);
      for (const { listener } of all) listener(new Event(event));
      track[`on${event}`]?.(new Event(event));
    };
  });
}

/** Gives a signed-in phone an audio session. */
export async function withAudio(phone, options = {}, events = EVENTS) {
  // The ears' AudioContext is none of the session's.
  await phone.listens();
  await tellsTracks(phone.page);
  await phone.page.evaluate(begin, options, events);
  return new AudioHeard(phone.page);
}

/** Runs in the page. */
async function begin(options, events) {
  const { createAudioSession } = await import("/js/audio.js");
  window.contextsBefore = new Set(watched.contexts);
  window.audio = createAudioSession(window.client, options);
  window.audioLog = [];
  window.levelLog = [];
  for (const event of events) {
    audio.on(event, ({ calls, why, silent, error }) => {
      audioLog.push({ event, calls: calls?.map(({ id }) => id), why, silent, error: error?.message });
    });
  }
  // Firefox lists nothing for a page that another hides, which may be opened in this moment.
  const hidden = new Promise((resolve) => addEventListener("blur", resolve, { once: true }));
  if (document.visibilityState === "visible" && document.hasFocus()) await Promise.race([audio.ready, hidden]);
}

class AudioHeard {
  constructor(page) {
    this.page = page;
  }

  /** Calls a method; what came of it, as `{ value }` or the error's fields as `{ error }`. */
  order(method, ...args) {
    return this.page.evaluate(async (name, given) => {
      try {
        return { value: await audio[name](...given) };
      } catch ({ code, kind, option, media }) {
        return { error: { code, kind, option, media } };
      }
    }, method, args);
  }

  /** Waits until it has told this, `count` times. */
  tells(event, { count = 1, ...bound } = {}) {
    return until(`${event} is told`, async () => (await this.told(event))[count - 1], bound);
  }

  async told(event) {
    return (await this.page.evaluate(() => audioLog)).filter((entry) => entry.event === event);
  }

  look() {
    return this.page.evaluate(() => {
      const { screenAwake, devices } = audio;
      return { screenAwake, devices };
    });
  }

  /** Lets a call's levels be told from here on. */
  listen(call, options) {
    return this.page.evaluate((id, given) => {
      const note = (level) => levelLog.push({ at: performance.now(), ...level });
      window.stopLevels = audio.levels(phone.calls.get(id), note, given);
    }, call.id, options);
  }

  /** The newest of the levels that were told. */
  level() {
    return this.page.evaluate(() => levelLog.at(-1));
  }

  /** As `phone.speakTone()`, whose AudioContext is not the session's. */
  speakTone(hz) {
    return this.page.evaluate((tone) => {
      phone.speakTone(tone);
      const speak = watched.microphone;
      watched.microphone = async () => {
        const before = new Set(watched.contexts);
        const stream = await speak();
        for (const context of watched.contexts) if (!before.has(context)) contextsBefore.add(context);
        return stream;
      };
    }, hz);
  }

  /** What a system does to a microphone that it needs for something else. */
  systemMutes(muted) {
    return this.page.evaluate((isMuted) => {
      const track = client.devices.microphoneTrack;
      Object.defineProperty(track, "muted", { configurable: true, value: isMuted });
      tellTrack(track, isMuted ? "mute" : "unmute");
    }, muted);
  }

  /** What a system does that takes it away: it ends, and cannot be had. */
  systemTakes() {
    return this.page.evaluate(() => {
      window.before = watched.microphone;
      watched.microphone = async () => {
        throw new DOMException("in use", "NotReadableError");
      };
      const track = client.devices.microphoneTrack;
      track.stop();
      tellTrack(track, "ended");
    });
  }

  /** It can be had again, and the page is looked at. */
  systemGivesBack() {
    return this.page.evaluate(() => {
      watched.microphone = window.before;
      window.dispatchEvent(new Event("focus"));
    });
  }

  /** Holds the page to having no AudioContext left that the session or the calls have opened. */
  async isOver() {
    await until("no AudioContext is left", () => this.page.evaluate(() => {
      return watched.contexts.every((context) => context.state === "closed" || contextsBefore.has(context));
    }));
  }

  /** What the session must not have told. */
  async toldNo(...events) {
    const told = (await this.page.evaluate(() => audioLog)).map(({ event }) => event);
    assert.deepEqual(told.filter((event) => events.includes(event)), []);
  }
}
