// The softphone page as a person uses it.

import { openPage } from "./phone.mjs";
import { until, untilEqual } from "./poll.mjs";

/** The CSS selector of a part of the page. */
export const part = (name) => `[data-testid="${name}"]`;

/** The call that is up, and not one of the list of those that ended. */
export const CARD = `${part("cards")} ${part("call-card")}`;

/** The newest of the calls that ended. */
export const ENDED = `${part("recent-list")} ${part("call-card")}`;

/** How far a tone that is heard may lie beside the one that was said, in Hz: two bins of the analyser. */
const TOLERANCE = 12;

export async function openSoftphone(browser, gateway) {
  const page = await openPage(browser, gateway.page);
  await until("the page is ready", () => page.evaluate((css) => document.querySelector(css) !== null, `${part("sign-in")}:not([disabled])`));
  return new Softphone(page);
}

export async function signedInSoftphone(browser, gateway, user, options) {
  const softphone = await openSoftphone(browser, gateway);
  await softphone.signIn({ server: gateway.freeswitch, user, ...options });
  await softphone.shows("status", /Connected/);
  await softphone.forgetCalls();
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

  async fill(name, text) {
    await this.page.bringToFront();
    await this.page.$eval(part(name), (field) => { field.value = ""; });
    await this.page.type(part(name), text);
  }

  /** Presses a button as a hand does: it must be there, be seen and be enabled. A hand is in one window at a time. */
  async click(name, scope = "") {
    await this.page.bringToFront();
    const css = `${scope} ${part(name)}:not([disabled])`;
    await until(`${css} can be seen`, () => this.page.evaluate((selector) => {
      return document.querySelector(selector)?.checkVisibility() ?? false;
    }, css));
    await this.page.click(css);
  }

  async dial(number) {
    await this.fill("destination", number);
    await this.click("call");
  }

  /** Pages of one address share what is remembered: calls of an earlier test must not be taken for this one's. */
  async forgetCalls() {
    const list = `${part("recent")}[data-state="open"]`;
    await until("the recent calls are read", () => this.page.evaluate((css) => document.querySelector(css) !== null, list));
    // A call of a page that has just gone ends only now.
    await until("none is left", async () => {
      for (const name of ["clear-recent", "clear-yes"]) await this.page.$eval(part(name), (button) => button.click());
      return (await this.page.$$eval(ENDED, ({ length }) => length)) === 0;
    });
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
    }).catch((error) => {
      throw new Error(`${error.message}; the last that was heard: ${heard.join(", ") || "silence"}`);
    });
  }

  /** Waits until a tone is heard no more. */
  hearsNoMore(hz) {
    return until(`${hz} Hz is gone`, async () => (await this.tones()).every((found) => Math.abs(found - hz) > TOLERANCE));
  }

  /** What of the page's calls can be heard, of each peer connection that is up. */
  tones() {
    return this.page.evaluate(() => watched.peers.filter(({ connectionState }) => connectionState === "connected")
      .flatMap((peer) => peer.getReceivers().flatMap(({ track }) => ears.tones(new MediaStream([track])))));
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
