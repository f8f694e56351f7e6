// What is said, and how it is sent: sources, processing, codecs, and a microphone that has to be mended first.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BROWSER } from "../harness/browser.mjs";
import { openPhone, signedIn } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { stage } from "../harness/stage.mjs";

const here = stage();

/** What the microphone says, and what is said instead, in Hz. */
const MICROPHONE = 620;
const INSTEAD = 1500;

/** A phone with options that only the page can make; they are made by `prepare`, which runs there. */
async function phoneWith(prepare, { login = "1000", ...options } = {}) {
  const phone = await openPhone(here.browser, here.gateway);
  await until("the ears are awake", () => phone.page.evaluate(() => window.ears.isAwake()));
  await phone.page.evaluate((hz) => window.phone.speakTone(hz), MICROPHONE);
  await phone.page.evaluate(prepare, INSTEAD);
  await phone.signIn({ login, password: "1234", url: here.gateway.freeswitch, ...options });
  return phone;
}

test("a call without a voice opens no microphone, and hears", async () => {
  const phone = await phoneWith(() => {});

  const call = await phone.dial("9198", { audio: false });
  await call.reaches("active");
  await until("a tone is heard", async () => (await call.tones()).length > 0);

  assert.equal(await phone.page.evaluate(() => watched.requests), 0);
  assert.equal(await phone.page.evaluate((id) => window.phone.calls.get(id).localStream, call.id), undefined);
  await phone.close();
});

test("a stream of the application's own is spoken through and never stopped", async () => {
  const phone = await phoneWith(() => {});

  const { value } = await phone.page.evaluate((hz) => {
    window.stream = window.phone.tone(hz);
    return window.phone.dial("9196", { audio: window.stream });
  }, INSTEAD);
  const call = phone.call(value);
  await call.reaches("active");
  await call.hears(INSTEAD);
  await call.does("mute");
  await call.hearsNothing();
  await call.does("hangup");
  await call.ends();

  const { requests, state, enabled } = await phone.page.evaluate(() => {
    const [{ readyState, enabled }] = window.stream.getTracks();
    return { requests: watched.requests, state: readyState, enabled };
  });
  assert.deepEqual({ requests, state, enabled }, { requests: 0, state: "live", enabled: true });
  await phone.close();
});

test("an answer speaks through what it is given, while other calls have the microphone", async () => {
  const phone = await phoneWith(() => {}, { login: "1003" });
  await here.gateway.ring("1003");
  const incoming = await phone.incoming();
  const { error } = await phone.page.evaluate((id, hz) => {
    return window.phone.order(id, "answer", { audio: window.phone.tone(hz) });
  }, incoming.id, INSTEAD);
  assert.equal(error, undefined);
  await incoming.reaches("active");

  const echo = await phone.dial("9196");
  await echo.reaches("active");
  await echo.hears(MICROPHONE);
  await until("the answered call speaks its own", async () => {
    return (await incoming.tones("localStream")).some((hz) => Math.abs(hz - INSTEAD) < 12);
  });

  await phone.close();
});

test("an answer that is refused leaves the call what it speaks through", async () => {
  const phone = await phoneWith(() => {});
  const call = await phone.dial("9196");
  await call.reaches("active");
  await call.hears(MICROPHONE);

  const { error } = await call.order("answer", { audio: false });
  assert.equal(error.kind, "misuse");
  await here.gateway.fault("drop&user=1000");
  await call.passes("reconnecting");
  await call.reaches("active", { within: 30_000 });

  await call.hears(MICROPHONE, { within: 30_000 });
  await phone.close();
});

test("a call that is made while a microphone was pulled out speaks through what takes its place", async () => {
  const phone = await phoneWith(() => {});
  const first = await phone.dial("9196");
  await first.reaches("active");
  await first.hears(MICROPHONE);

  const asked = await phone.page.evaluate((hz) => {
    const before = watched.requests;
    // The one that was pulled out cannot be had; what takes its place takes its time.
    watched.microphone = () => new Promise((resolve) => (window.plugIn = () => resolve(window.phone.tone(hz))));
    const { microphoneTrack } = client.devices;
    microphoneTrack.stop();
    // Browsers say this only of what they end themselves.
    microphoneTrack.dispatchEvent(new Event("ended"));
    return before;
  }, INSTEAD);
  const second = await phone.dial("9196");
  await until("another is asked for", () => phone.page.evaluate((before) => watched.requests > before, asked));
  await second.passes("connecting");
  await phone.page.evaluate(() => window.plugIn());

  for (const call of [first, second]) await call.hears(INSTEAD);
  assert.equal(await phone.page.evaluate((before) => watched.requests - before, asked), 1);
  await phone.close();
});

test("what the application puts before the microphone is heard instead, and stopped with it", async () => {
  const phone = await phoneWith(() => {
    window.phone.more.processAudio = (track) => {
      const context = new AudioContext();
      context.resume();
      // A ring modulator: what comes in moves up by 900 Hz, and down.
      const carrier = new OscillatorNode(context, { frequency: 900 });
      const modulated = new GainNode(context, { gain: 0 });
      const sink = new MediaStreamAudioDestinationNode(context);
      new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) }).connect(modulated).connect(sink);
      carrier.connect(modulated.gain);
      carrier.start();
      [window.processed] = sink.stream.getTracks();
      return window.processed;
    };
  });

  const call = await phone.dial("9196");
  await call.reaches("active");
  await call.hears([900 - MICROPHONE, 900 + MICROPHONE]);
  await call.does("hangup");
  await call.ends();

  await until("it is stopped", () => phone.page.evaluate(() => window.processed.readyState === "ended"));
  await phone.close();
});

test("a processor that never comes to an end keeps no microphone open", async () => {
  const phone = await phoneWith(() => {
    window.phone.more.processAudio = () => new Promise(() => {});
  });

  const call = await phone.dial("9196");
  await call.ends();
  const { error } = await phone.heard("error");
  assert.deepEqual([error.kind, error.media, error.code], ["media", "microphone", 42003]);
  assert.equal((await phone.leftovers()).tracks, 0);

  await phone.close();
});

test("a processor that fails is told as a failure of the microphone", async () => {
  const phone = await phoneWith(() => {
    window.phone.more.processAudio = () => {
      throw new Error("no noise today");
    };
  });

  const call = await phone.dial("9196");
  await call.ends();
  const { error } = await phone.heard("error");
  assert.deepEqual([error.kind, error.media, error.code], ["media", "microphone", 42003]);
  assert.match(error.message, /no noise today/);

  await phone.close();
});

test("the codec that is preferred is spoken, and the bitrate is kept", async () => {
  for (const [preferred, spoken] of [[["PCMU"], "audio/PCMU"], [["no-such-codec", "audio/opus"], "audio/opus"]]) {
    const phone = await signedIn(here.browser, here.gateway, {
      preferredCodecs: preferred, encoding: { maxBitrate: 24_000, networkPriority: "high" }, rtcConfiguration: { iceCandidatePoolSize: 1 },
    });
    const call = await phone.dial("9196");
    await call.reaches("active");
    await call.flowsBothWays();

    const found = await phone.page.evaluate(async () => {
      const peer = watched.peers.find(({ connectionState }) => connectionState === "connected");
      const [sender] = peer.getSenders();
      const stats = [...(await sender.getStats()).values()];
      const { codecId } = stats.find(({ type }) => type === "outbound-rtp");
      const { mimeType } = stats.find(({ id }) => id === codecId);
      const [encoding] = sender.getParameters().encodings;
      const digits = /a=rtpmap:\d+ telephone-event/.test(peer.localDescription.sdp);
      return { mimeType, digits, maxBitrate: encoding.maxBitrate, networkPriority: encoding.networkPriority, pool: peer.getConfiguration().iceCandidatePoolSize };
    });
    assert.equal(found.mimeType.toLowerCase(), spoken.toLowerCase());
    assert.equal(found.digits, true, "telephone events are still offered");
    // What a codec of one rate cannot do costs nothing of the rest.
    if (spoken === "audio/opus") assert.equal(found.maxBitrate, 24_000);
    if (BROWSER === "chromium") assert.equal(found.networkPriority, "high");
    // Firefox has no pool, and says nothing of one.
    if (BROWSER === "chromium") assert.equal(found.pool, 1);
    await phone.close();
  }
});

test("echo cancellation is switched in a call, which goes on and stays muted", async () => {
  const phone = await phoneWith(() => {
    window.asked = [];
    const tone = watched.microphone;
    watched.microphone = (constraints) => {
      window.asked.push(constraints.audio);
      return tone(constraints);
    };
  }, { audio: { autoGainControl: false } });
  const call = await phone.dial("9196");
  await call.reaches("active");
  await call.hears(MICROPHONE);
  await call.does("mute");
  await call.hearsNothing();

  await phone.page.evaluate(() => window.client.devices.setConstraints({ echoCancellation: false }));
  const asked = await phone.page.evaluate(() => window.asked);
  assert.deepEqual(asked, [{ autoGainControl: false }, { autoGainControl: false, echoCancellation: false }]);
  await call.hearsNothing();
  await call.does("unmute");
  await call.hears(MICROPHONE);

  await phone.close();
});

/** The microphone fails as often as is said, and then it is mended as the page says. */
function failing(times) {
  const tone = watched.microphone;
  window.needs = [];
  watched.microphone = (constraints) => {
    if (window.needs.length < times) throw new DOMException("in use", "NotReadableError");
    return tone(constraints);
  };
}

for (const direction of ["out", "in"]) {
  test(`a call ${direction} whose microphone is mended in time goes on`, async () => {
    const phone = await phoneWith(() => {
      window.phone.mend = ({ error, deadline, resume }) => {
        window.needs.push({ media: error.media, left: deadline - Date.now() });
        resume();
      };
    }, { login: direction === "out" ? "1000" : "1003" });
    await phone.page.evaluate(failing, 2);

    let call;
    if (direction === "out") {
      call = await phone.dial("9196");
    } else {
      await here.gateway.ring("1003");
      call = await phone.incoming();
      await call.does("answer");
    }
    await call.reaches("active");
    await until("the microphone is open", async () => (await call.tones("localStream")).length > 0);

    const needs = await phone.page.evaluate(() => window.needs);
    assert.deepEqual(needs.map(({ media }) => media), ["deviceBusy", "deviceBusy"]);
    assert.ok(needs.every(({ left }) => left > 40_000 && left <= 45_000), JSON.stringify(needs));
    assert.equal(await phone.heard("error"), undefined);
    await phone.close();
  });
}

test("a call whose microphone is given up ends with what failed", async () => {
  const phone = await phoneWith(() => {
    window.phone.mend = ({ giveUp }) => {
      window.needs.push({});
      giveUp();
    };
  });
  await phone.page.evaluate(failing, 9);

  const call = await phone.dial("9196");
  await call.ends();

  assert.equal((await phone.heard("error")).error.media, "deviceBusy");
  await phone.close();
});

test("a call that ends while its microphone is asked for leaves nothing behind", async () => {
  const phone = await phoneWith(() => {
    window.phone.mend = (need) => window.needs.push(need.error.media);
  });
  await phone.page.evaluate(failing, 9);

  const call = await phone.dial("9196");
  await until("the microphone is asked for", () => phone.page.evaluate(() => window.needs.length > 0));
  await call.does("hangup");
  assert.equal((await call.ends()).by, "local");

  await phone.close();
});

test("a page asks before it is left only while there is a call", async () => {
  const phone = await signedIn(here.browser, here.gateway, { confirmLeave: true });
  const asks = () => phone.page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
  assert.equal(await asks(), false);

  const call = await phone.dial("9196");
  assert.equal(await asks(), true);
  await call.reaches("active");
  assert.equal(await asks(), true);
  await call.does("hangup");
  await call.ends();
  assert.equal(await asks(), false);

  await phone.close();
  assert.equal(await phone.page.isClosed(), true);
});

for (const [what, media, code, how] of [
  ["was refused", "permissionDenied", 42001, { name: "NotAllowedError", state: "denied", isAllowed: true }],
  ["was neither granted nor refused", "permissionDismissed", 42001, { name: "NotAllowedError", state: "prompt", isAllowed: true }],
  ["is forbidden by the page's policy", "permissionBlocked", 42001, { name: "NotAllowedError", state: "prompt", isAllowed: false }],
  ["is not there", "deviceNotFound", 42002, { name: "NotFoundError" }],
  ["is in use", "deviceBusy", 42003, { name: "NotReadableError" }],
  ["cannot be had by a page that is not secure", "insecureContext", 60301, {}],
]) {
  test(`a microphone that ${what} is told as ${media}`, async () => {
    const phone = await phoneWith(() => {});
    await phone.page.evaluate(({ name, state, isAllowed }) => {
      watched.microphone = async () => {
        throw new DOMException("no", name);
      };
      if (!name) Object.defineProperty(navigator, "mediaDevices", { value: undefined });
      navigator.permissions.query = async () => ({ state });
      Object.defineProperty(document, "permissionsPolicy", { value: { allowsFeature: () => isAllowed } });
    }, how);

    const call = await phone.dial("9196");
    await call.ends();
    const { error } = await phone.heard("error");
    assert.deepEqual([error.kind, error.media, error.code, error.fatal], ["media", media, code, true]);
    await phone.close();
  });
}

test("who has not allowed anything yet is told so without being asked", async () => {
  const phone = await signedIn(here.browser, here.gateway);
  assert.match(await phone.page.evaluate(() => window.client.devices.permission()), /^(granted|prompt)$/);
  assert.equal(await phone.page.evaluate(() => watched.requests), 0);
  await phone.close();
});
