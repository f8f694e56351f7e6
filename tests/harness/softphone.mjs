// The softphone page as a person uses it.

import { TOLERANCE, openPage } from "./phone.mjs";
import { until, untilEqual } from "./poll.mjs";
import { press } from "./press.mjs";

/** The CSS selector of a part of the page. */
export const part = (name) => `[data-testid="${name}"]`;

/** The call that is up, and not one of the list of those that ended. */
export const CARD = `${part("cards")} ${part("call-card")}`;

/** The newest of the calls that ended. */
export const ENDED = `${part("recent-list")} ${part("call-card")}`;

export async function openSoftphone(browser, gateway) {
  const page = await openPage(browser, gateway.page);
  await until("the page is ready", () => page.evaluate((css) => document.querySelector(css) !== null, `${part("sign-in")}:not([disabled])`));
  return new Softphone(page);
}

export async function signedInSoftphone(browser, gateway, user, options) {
  const softphone = await openSoftphone(browser, gateway);
  await softphone.signIn({ server: gateway.freeswitch, user, ...options });
  await softphone.shows("status", /Connected/);
  await softphone.forgetCalls(user);
  return softphone;
}

class Softphone {
  constructor(page) {
    this.page = page;
  }

  async signIn({ server, dialect = "freeswitch", user, password = "1234" }) {
    await this.fill("server", server);
    await this.page.select(part("dialect"), dialect);
    await this.fill("user", user);
    await this.fill("password", password);
    await this.click("sign-in");
  }

  /** Puts a text into a field at once: key by key it costs a browser more than the rest of a sign-in. */
  fill(name, text) {
    return this.page.$eval(part(name), (field, value) => {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
  }

  /** Presses a button as a hand does. */
  async click(name, scope = "") {
    const css = `${scope} ${part(name)}:not([disabled])`;
    await press(this.page, css, () => this.page.$(css));
  }

  async dial(number) {
    await this.fill("destination", number);
    await this.talk("call");
  }

  answer() {
    return this.talk("answer");
  }

  /**
   * Presses what begins to talk, and stays until the microphone is open, or refused: browsers open none for a page that
   * is out of view (W3C Media Capture and Streams, "is in view"), and the next hand may be in another window.
   */
  async talk(name) {
    const before = await this.page.evaluate(() => watched.requests);
    await this.click(name);
    await until("the microphone is open, or refused", () => this.page.evaluate((count) => {
      const isOpen = watched.tracks.some(({ readyState }) => readyState === "live");
      return watched.asking === 0 && (isOpen || watched.requests > count);
    }, before));
  }

  /** Pages of one address share what is remembered: calls of an earlier test must not be taken for this one's. */
  async forgetCalls(user) {
    const list = `${part("recent")}[data-state="open"]`;
    await until("the recent calls are read", () => this.page.evaluate((css) => document.querySelector(css) !== null, list));
    await until("the calls of pages that have gone are over", async () => !(await this.page.evaluate(hasOpenCall, user)));
    // What is being forgotten takes the focus when it is.
    await until("none is left", () => this.page.evaluate((ended, clear, yes, question) => {
      const isAsked = !document.querySelector(question).hidden;
      const isEmpty = document.querySelector(ended) === null;
      if (isAsked || isEmpty) return isEmpty && !isAsked;
      for (const button of [clear, yes]) document.querySelector(button).click();
      return false;
    }, ENDED, part("clear-recent"), part("clear-yes"), part("clear-question")));
  }

  text(selector) {
    return this.page.evaluate((css) => document.querySelector(css)?.textContent, selector);
  }

  /** Waits until a part of the page says what `words` matches. */
  shows(name, words, { within, scope = "" } = {}) {
    const css = `${scope} ${part(name)}`;
    return until(`${name} shows ${words}`, async () => {
      const text = await this.text(css);
      return text !== undefined && text !== null && words.test(text) ? text : false;
    }, { within });
  }

  /** Waits until the card of the call that is up says this state. */
  reaches(state) {
    return untilEqual(`the call is ${state}`, state, () => this.page.evaluate((css) => document.querySelector(css)?.dataset.state, CARD));
  }

  /** Speaks a tone instead of the browser's own, in calls from here on. */
  speakTone(hz) {
    return this.page.evaluate((frequency) => {
      watched.microphone = async () => {
        const context = new AudioContext();
        context.resume();
        window.voice = new GainNode(context, { gain: 0.5 });
        const sink = new MediaStreamAudioDestinationNode(context);
        const tone = new OscillatorNode(context, { frequency });
        tone.connect(voice).connect(sink);
        tone.start();
        return sink.stream;
      };
    }, hz);
  }

  /** Waits until each of these tones is heard in one of the calls. */
  async hears(...tones) {
    let heard = [];
    await until(`${tones.join(" and ")} Hz`, async () => {
      heard = await this.tones();
      return tones.every((hz) => heard.some((found) => Math.abs(found - hz) <= TOLERANCE));
    }, { within: 20_000 }).catch((error) => {
      throw new Error(`${error.message}; the last that was heard: ${heard.join(", ") || "silence"}`);
    });
  }

  /** Waits until a tone is heard no more. */
  hearsNoMore(hz) {
    return until(`${hz} Hz is gone`, async () => (await this.tones()).every((found) => Math.abs(found - hz) > TOLERANCE));
  }

  /** What of the page's calls can be heard, of each peer connection that is up. */
  async tones() {
    const hear = () => this.page.evaluate(() => ears.isAwake() && watched.peers
      .filter(({ connectionState }) => connectionState === "connected")
      .flatMap((peer) => peer.getReceivers().flatMap(({ track }) => ears.tones(new MediaStream([track])))));
    // It can take a browser seconds, in which silence says nothing.
    return (await hear()) || until("the ears are awake", hear);
  }

  /** RTP packets and energy in both directions, of the newest peer connection. */
  traffic() {
    return this.page.evaluate(async () => {
      const found = { packetsSent: 0, packetsReceived: 0, energyReceived: 0, energySent: 0 };
      const report = await watched.peers.at(-1)?.getStats();
      for (const entry of report?.values() ?? []) {
        if (entry.type === "outbound-rtp") found.packetsSent += entry.packetsSent;
        if (entry.type === "media-source") found.energySent += entry.totalAudioEnergy ?? 0;
        if (entry.type === "inbound-rtp") {
          found.packetsReceived += entry.packetsReceived;
          found.energyReceived += entry.totalAudioEnergy ?? 0;
        }
      }
      return found;
    });
  }
}

/** In the page: whether what is remembered of a user's calls holds one that has not ended. */
async function hasOpenCall(user) {
  const name = `offhook softphone ${location.host} ${user}`;
  // Opening one that is not there would make it.
  if (!(await indexedDB.databases()).some((database) => database.name === name)) return false;
  const result = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await result(indexedDB.open(name));
  try {
    const calls = await result(database.transaction("values").objectStore("values").getAll());
    return calls.some(({ endedAt }) => endedAt === undefined);
  } finally {
    database.close();
  }
}
