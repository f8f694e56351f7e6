// How long nothing is heard: what all of a page's audio elements play together, in windows of ten milliseconds.

import { BROWSER } from "./browser.mjs";
import { openPhone } from "./phone.mjs";
import { until } from "./poll.mjs";

/** A window is silent where it is quieter than this share of the sound before (12 dB less). */
const SILENT = 1 / 4;

/** What is shorter than this, in ms, is no gap: one window may fall between two packets of a machine under load. */
const GRAIN = 20;

/** How long a sound is known before anything goes wrong, in ms. */
const KNOWN = 1_000;

/** For how long a sound is back before it counts, in ms. */
const BACK = 300;

/** A phone, not signed in, whose sound is written down from now on, also after the page was loaded again. */
export async function openRecorded(browser, gateway) {
  const phone = await openPhone(browser, gateway);
  await phone.page.evaluateOnNewDocument(recorder);
  await phone.page.evaluate(recorder);
  await recording(phone.page);
  return phone;
}

/** Waits until what a page plays is written down: starting that takes a browser a while. */
export function recording(page) {
  return until("the recorder runs", () => page.evaluate(() => window.recorder.start()));
}

/** A recorded phone in a call with a tone that never pauses. `level` is how loud that is. */
export function hearing(here, options) {
  if (BROWSER !== "firefox") return begin(here, options);
  const talk = turn.then(() => begin(here, options));
  turn = talk.catch(() => {});
  return talk;
}

/** One call begins after the other: Firefox gives pages that were never in front neither microphone nor loudspeaker. */
let turn = Promise.resolve();

async function begin(here, { user = "1000", dialect, ...options }) {
  const phone = await openRecorded(here.browser, here.gateway);
  await phone.page.bringToFront();
  const credentials = options.fetching ? {} : { login: user, password: "1234" };
  await phone.signIn({ ...credentials, url: here.gateway[dialect], dialect, ...options });
  const call = await phone.dial("9198");
  await call.reaches("active");
  const level = await steadySound(phone.page);
  return { phone, call, level };
}

/** Waits until a page has played without a pause for a second, and returns how loud. */
function steadySound(page) {
  return until("a steady sound", () => page.evaluate((known, share) => {
    const levels = window.recorder.windows.slice(-known / 10).map(({ level }) => level);
    const level = levels.toSorted((a, b) => a - b)[levels.length >> 1];
    const isSteady = levels.length >= known / 10 && level > 0.01 && levels.every((one) => one > level * share);
    return isSteady && level;
  }, KNOWN, SILENT));
}

/**
 * Lets things go wrong, waits until `isOver` and until the sound has been back for a while, and returns what was heard
 * meanwhile: see `heardSince`.
 */
export async function outage({ phone, level }, goWrong, isOver) {
  const since = Date.now();
  await goWrong();
  await isOver(since);
  const over = Date.now();
  return until("the sound is back", async () => {
    const heard = await heardSince(phone.page, since, level);
    return heard.soundSince !== undefined && heard.until > Math.max(heard.soundSince, over) + BACK && heard;
  });
}

/**
 * What was heard from `since` (in ms, of `Date.now()`) to now beside a sound of `level`: the longest `gap`, all
 * `silence` together, and `heardAfter`, from `since` to the end of the last gap; all in ms. While it is silent, there
 * is neither `heardAfter` nor `soundSince`.
 */
export async function heardSince(page, since, level) {
  const windows = await page.evaluate((from) => window.recorder.read(from), since);
  const gaps = [];
  let from;
  for (const { at, level: one } of [...windows, { at: windows.at(-1)?.at ?? since, level }]) {
    if (one > level * SILENT) {
      if (from !== undefined && at - from >= GRAIN) gaps.push({ from, to: at });
      from = undefined;
    } else {
      from ??= at;
    }
  }
  const lengths = gaps.map(({ from, to }) => to - from);
  const last = windows.at(-1);
  const soundSince = last?.level > level * SILENT ? (gaps.at(-1)?.to ?? since) : undefined;
  return {
    gap: Math.max(0, ...lengths),
    silence: lengths.reduce((sum, length) => sum + length, 0),
    heardAfter: soundSince && soundSince - since,
    soundSince,
    until: last?.at,
  };
}

/** Runs in the page: writes down how loud its audio elements play, and when the client told what. */
function recorder() {
  /** A window, in seconds. */
  const WINDOW = 0.01;

  /** How many windows around one tell how long the way of a report was: the shortest counts. */
  const AROUND = 50;

  const windows = [];
  const playing = new Map();
  let context;
  let meter;
  window.recorder = { windows, start, read };
  watchElements();
  stampLog();

  /** Whether it runs. Never awaited inside: where there is no sound server an AudioContext does not start. */
  function start() {
    context ??= new AudioContext();
    if (context.state !== "running") context.resume();
    if (!meter) {
      meter = load();
      meter.then((node) => { meter.node = node; });
    }
    return windows.length > 0;
  }

  async function load() {
    const address = URL.createObjectURL(new Blob([`(${processor})(${WINDOW})`], { type: "text/javascript" }));
    await context.audioWorklet.addModule(address);
    const node = new AudioWorkletNode(context, "loudness");
    node.port.onmessage = ({ data: { time, level } }) => windows.push({ time, level, came: now() });
    // What leads nowhere is not run.
    node.connect(new GainNode(context, { gain: 0 })).connect(context.destination);
    for (const source of playing.values()) source.connect(node);
    return node;
  }

  /** Runs in the browser's audio thread. */
  function processor(length) {
    registerProcessor("loudness", class extends AudioWorkletProcessor {
      #sum = 0;
      #count = 0;
      process([input]) {
        const [samples] = input;
        for (const sample of samples ?? []) this.#sum += sample * sample;
        this.#count += 128;
        if (this.#count >= length * sampleRate) {
          this.port.postMessage({ time: currentTime * 1000, level: Math.sqrt(this.#sum / this.#count) });
          [this.#sum, this.#count] = [0, 0];
        }
        return true;
      }
    });
  }

  /** The windows since then by the clock on the wall, each at its end. */
  function read(since) {
    const first = windows.findIndex(({ came }) => came > since);
    return windows.slice(first < 0 ? windows.length : first).map(({ time, level }, n) => {
      // None from before: the audio's clock stands still while the machine sleeps.
      const around = windows.slice(first + Math.max(0, n - AROUND), first + n + AROUND);
      return { at: time + Math.min(...around.map((one) => one.came - one.time)), level };
    });
  }

  /** Only what an element plays counts, from when it plays. */
  function watchElements() {
    const Element = window.Audio;
    window.Audio = function Audio(...args) {
      const element = new Element(...args);
      element.addEventListener("playing", () => listen(element));
      for (const event of ["pause", "emptied", "ended"]) element.addEventListener(event, () => forget(element));
      return element;
    };
  }

  function listen(element) {
    forget(element);
    context ??= new AudioContext();
    const source = new MediaStreamAudioSourceNode(context, { mediaStream: element.srcObject });
    playing.set(element, source);
    if (meter?.node) source.connect(meter.node);
  }

  function forget(element) {
    playing.get(element)?.disconnect();
    playing.delete(element);
  }

  /** Each entry of the tests' log gets the time at which it was told. */
  function stampLog() {
    const stamp = (phone) => {
      phone.log.push = (entry) => Array.prototype.push.call(phone.log, { ...entry, at: now() });
    };
    if (window.phone) return stamp(window.phone);
    let phone;
    Object.defineProperty(window, "phone", {
      get: () => phone,
      set(value) {
        stamp(phone = value);
      },
    });
  }

  function now() {
    return performance.timeOrigin + performance.now();
  }
}
