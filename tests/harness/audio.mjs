// The audio session of a page, as a test sees it: what it told, and what a test has the system do to the microphone.

import assert from "node:assert/strict";
import { until } from "./poll.mjs";

const EVENTS = [
  "changed", "speakingWhileMuted", "silentMicrophone", "interrupted", "resumable", "resumed", "activated", "deactivated",
  "error",
];

/** Gives a signed-in phone an audio session. */
export async function withAudio(phone, options = {}, events = EVENTS) {
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
  await audio.ready;
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
      const { audioEnabled, active, microphoneSilent, screenAwake, devices } = audio;
      return { audioEnabled, active, microphoneSilent, screenAwake, devices, isInterrupted: audio.interruption !== undefined };
    });
  }

  /** Lets a call's levels be told from here on. */
  listen(call, options) {
    return this.page.evaluate((id, given) => {
      window.stopLevels = audio.levels(phone.calls.get(id), (level) => levelLog.push({ at: performance.now(), ...level }), given);
    }, call.id, options);
  }

  /** The newest of the levels that were told. */
  level() {
    return this.page.evaluate(() => levelLog.at(-1));
  }

  /** What a system does to a microphone that it needs for something else. */
  systemMutes(muted) {
    return this.page.evaluate((isMuted) => {
      const track = client.devices.microphoneTrack;
      Object.defineProperty(track, "muted", { configurable: true, value: isMuted });
      track.dispatchEvent(new Event(isMuted ? "mute" : "unmute"));
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
      track.dispatchEvent(new Event("ended"));
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
