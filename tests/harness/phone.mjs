// A page with the package in it, as a test sees it: orders and questions.

import assert from "node:assert/strict";
import { BROWSER, PATIENCE } from "./browser.mjs";
import { ears } from "./ears.mjs";
import { listenToPage } from "./heard.mjs";
import { until, untilEqual } from "./poll.mjs";
import { watch } from "./watch.mjs";

/** How far a tone that is heard may lie beside the one that was played, in Hz: two bins of the analyser. */
export const TOLERANCE = 12;

/** Opens an empty page in which books are kept on all that a package could leave behind. */
export async function openPage(browser, address) {
  const page = await browser.newPage();
  opened.add(page);
  page.setDefaultTimeout(PATIENCE);
  listenToPage(page);
  await page.evaluateOnNewDocument(watch);
  await page.evaluateOnNewDocument(ears);
  await page.goto(address, { waitUntil: "load" });
  return page;
}

/** Closes the pages that a test has left open, as one that failed does. */
export async function closePages() {
  for (const page of opened) {
    if (!page.isClosed()) await page.close();
  }
  opened.clear();
}

const opened = new Set();

/** How often a number is dialled until its sound was heard in time. */
const MOST_DIALS = 3;

/** A page that holds nothing but the package. */
export async function openPhone(browser, gateway) {
  const page = await openPage(browser, `${gateway.page}bare.html`);
  await packageIsLoaded(page);
  return new Phone(page, gateway);
}

function packageIsLoaded(page) {
  return until("the package is loaded", () => page.evaluate(() => window.phone !== undefined));
}

/** A phone that is signed in as `user`. */
export async function signedIn(browser, gateway, { user = "1000", dialect = "freeswitch", ...options } = {}) {
  const phone = await openPhone(browser, gateway);
  await phone.signIn({ login: user, password: "1234", url: gateway[dialect], dialect, ...options });
  return phone;
}

class Phone {
  constructor(page, gateway) {
    this.page = page;
    this.gateway = gateway;
    this.isListening = false;
  }

  /** Connects; what came of it, as `{ value }` or `{ error }`. */
  connect(options) {
    return this.page.evaluate((given) => window.phone.connect(given), options);
  }

  /** Loads the page again. Nobody is signed in then. */
  async reload() {
    await this.page.reload({ waitUntil: "load" });
    await packageIsLoaded(this.page);
    this.isListening = false;
  }

  /** Waits until it hears from the first sound on: that can take a browser seconds. */
  async listens() {
    if (this.isListening) return;
    await until("the ears are awake", () => this.page.evaluate(() => window.ears.isAwake()));
    this.isListening = true;
  }

  async signIn(options) {
    const { value, error } = await this.connect(options);
    assert.equal(error, undefined, `cannot sign in: ${JSON.stringify(error)}`);
    await until("ready", () => this.heard("ready"));
    return value;
  }

  async dial(number, options) {
    const { value, error } = await this.tryToDial(number, options);
    assert.equal(error, undefined, `cannot dial ${number}: ${JSON.stringify(error)}`);
    return new PhoneCall(this, value);
  }

  /**
   * Dials a number that plays something short, until it was heard: `isHeard` is given the moments of the call up to
   * its end or its answer, as `{ state, earlyMedia, tones }`. A slow machine may connect too late for the sound.
   */
  async dialUntilHeard(number, isHeard) {
    await this.listens();
    let last;
    for (let dialled = 0; dialled < MOST_DIALS; dialled += 1) {
      const { value, error } = await this.page.evaluate((...args) => window.phone.dialAndListen(...args), number);
      assert.equal(error, undefined, `cannot dial ${number}: ${JSON.stringify(error)}`);
      const call = new PhoneCall(this, value);
      await until(`${number} is answered or over`, async () => ["active", "done"].includes((await call.look()).state));
      last = await this.page.evaluate((id) => window.phone.samples(id), value);
      if (last.some(isHeard)) return call;
      if ((await call.look()).state !== "done") await call.does("hangup");
    }
    return assert.fail(`${number} is not heard as it should be; the last that was: ${JSON.stringify(last)}`);
  }

  /** A call that the page has made by itself. */
  call(id) {
    return new PhoneCall(this, id);
  }

  /** What came of dialling, as `{ value }` or `{ error }`. */
  tryToDial(number, options = {}) {
    return this.page.evaluate((...args) => window.phone.dial(...args), number, options);
  }

  /** The next call that comes in, from the `count`th on. */
  async incoming(count = 1) {
    const entry = await until("a call comes in", async () => (await this.all("incomingCall"))[count - 1]);
    return new PhoneCall(this, entry.id);
  }

  /** The first entry of the log with this event's name, if there is one. */
  async heard(event) {
    return (await this.all(event))[0];
  }

  async all(event) {
    return (await this.log()).filter((entry) => entry.event === event);
  }

  log() {
    return this.page.evaluate(() => window.phone.log);
  }

  /** Calls a method of the client. */
  order(method, ...args) {
    return this.page.evaluate((...all) => window.phone.order(null, ...all), method, ...args);
  }

  /** What went over the wire this way, as values; what is not JSON is left out. */
  async frames(way) {
    const texts = await this.page.evaluate((asked) => watched.frames.filter((frame) => frame.way === asked).map(({ text }) => text), way);
    return texts.flatMap((text) => {
      try {
        return [JSON.parse(text)];
      } catch {
        return [];
      }
    });
  }

  leftovers() {
    return this.page.evaluate(() => window.phone.leftovers());
  }

  /** Signs out, and holds the page to having nothing of the package left in it. */
  async close() {
    const { error } = await this.order("close");
    assert.equal(error, undefined, `cannot close: ${JSON.stringify(error)}`);
    await nothingIsLeft(this.page);
    await this.page.close();
  }
}

/** Holds a page to having nothing of the package left in it. */
export async function nothingIsLeft(page) {
  const none = { timers: [], sockets: 0, tracks: 0, peers: 0, contexts: 0, audioElements: 0 };
  let left;
  try {
    await until("nothing is left", async () => {
      left = await page.evaluate(() => watched.leftovers());
      return JSON.stringify(left) === JSON.stringify(none);
    });
  } catch {
    assert.deepEqual(left, none);
  }
}

class PhoneCall {
  constructor(phone, id) {
    this.phone = phone;
    this.id = id;
  }

  look() {
    return this.phone.page.evaluate((id) => window.phone.look(id), this.id);
  }

  states() {
    return this.phone.page.evaluate((id) => window.phone.states(id), this.id);
  }

  /** Calls a method of the call; what came of it, as `{ value }` or `{ error }`. */
  order(method, ...args) {
    return this.phone.page.evaluate((...all) => window.phone.order(...all), this.id, method, ...args);
  }

  /** Calls a method that must not fail. */
  async does(method, ...args) {
    const { error } = await this.order(method, ...args);
    assert.equal(error, undefined, `${method}: ${JSON.stringify(error)}`);
  }

  async reaches(state, bound) {
    await untilEqual(`the call is ${state}`, state, async () => (await this.look()).state, bound);
  }

  /** Waits until it has been in a state, `count` times, which may be over before anybody looks. */
  async passes(state, { count = 1, ...bound } = {}) {
    const times = async () => (await this.states()).filter((one) => one === state).length;
    await until(`the call was ${state}`, async () => (await times()) >= count, bound);
  }

  /** Waits for the end and returns its reason. */
  async ends(bound) {
    await this.reaches("done", bound);
    return (await this.look()).reason;
  }

  /** Which tones stand out in what is heard; `localStream` for what is said. */
  async tones(side) {
    await this.phone.listens();
    return this.phone.page.evaluate((id, which) => window.phone.tones(id, which), this.id, side);
  }

  /** Waits until every one of these tones is heard, and no louder one. */
  async hears(hz, bound) {
    // That is no part of the bound.
    await this.phone.listens();
    let heard;
    try {
      await until("a tone", async () => are(hz, heard = await this.tones()), bound);
    } catch {
      assert.fail(`${[hz].flat().join(" and ")} Hz is not heard; the last that was heard: ${heard?.join(", ") || "silence"}`);
    }
  }

  /** Waits until packets have come for a second in which every look heard silence. */
  async hearsNothing({ within = 15_000 } = {}) {
    await this.phone.listens();
    let heard;
    let silence;
    const isSilent = async () => {
      heard = await this.tones();
      const received = (await this.look()).stats?.packetsReceived ?? 0;
      if (heard.length > 0) silence = undefined;
      else silence ??= { since: performance.now(), received };
      return silence !== undefined && performance.now() - silence.since >= 1_000 && received - silence.received >= 50;
    };
    try {
      await until("silence", isSilent, { within });
    } catch {
      assert.fail(`not silent: ${heard.length > 0 ? `${heard.join(", ")} Hz` : "too few packets came to tell"}`);
    }
  }

  /** Waits until packets have gone both ways, and audible energy with them. */
  async flowsBothWays(bound) {
    await until("RTP and energy both ways", async () => {
      const { stats } = await this.look();
      return stats !== undefined && stats.packetsSent > 20 && stats.packetsReceived > 20
        && (await this.isSpeaking(stats)) && stats.energyReceived > AUDIBLE;
    }, bound);
  }

  /** Whether the microphone is loud. Firefox has no figure for that: there its track is listened to. */
  async isSpeaking({ energySent }) {
    return BROWSER === "firefox" ? (await this.tones("localStream")).length > 0 : energySent > AUDIBLE;
  }
}

/** Whether these tones are the loudest of what is heard. */
export function are(hz, heard) {
  const wanted = [hz].flat();
  const loudest = heard.slice(0, wanted.length);
  return wanted.every((tone) => loudest.some((found) => Math.abs(found - tone) <= TOLERANCE));
}

/** Half a second at a tenth of full scale (W3C `totalAudioEnergy`: level squared times seconds). */
const AUDIBLE = 0.005;
