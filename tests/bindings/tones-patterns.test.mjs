// What the tones are made of: frequencies and pauses, measured in the samples.

import assert from "node:assert/strict";
import { test } from "node:test";
import { keyPattern, length, render } from "../../js/tones/pattern.js";
import { REGIONS, cadenceOf, patternOf, regionOf } from "../../js/tones/regions.js";

const RATE = 16_000;

/** Some tenths of a second tell two frequencies apart that are 5 Hz apart. */
const WINDOW = 0.2;

/** A window's samples are silent below this. */
const SILENCE = 1e-4;

/** How much of a sine of `hz` is in the samples (Goertzel), as its amplitude. */
function amplitude(samples, hz, rate) {
  let [re, im] = [0, 0];
  samples.forEach((sample, n) => {
    const window = 1 - Math.cos((2 * Math.PI * n) / samples.length);
    re += window * sample * Math.cos((2 * Math.PI * hz * n) / rate);
    im += window * sample * Math.sin((2 * Math.PI * hz * n) / rate);
  });
  return (2 * Math.hypot(re, im)) / samples.length;
}

/** How long it sounds and how long it does not, in turn, as it is heard, in hundredths of a second. */
function beats(samples, rate) {
  const step = rate / 100;
  const runs = [];
  for (let n = 0; n < samples.length; n += step) {
    const isLoud = samples.subarray(n, n + step).some((sample) => Math.abs(sample) > SILENCE);
    if (runs.at(-1)?.isLoud === isLoud) runs.at(-1).length += 1;
    else runs.push({ isLoud, length: 1 });
  }
  return runs.map(({ isLoud, length: hundredths }) => (isLoud ? hundredths : -hundredths));
}

/** ITU-T E.180 Supplement 2 (UK: BT SIN 350, Australia: AS/ACIF S002, North America: ANSI/TIA-464), in seconds. */
for (const [region, tone, hz, cadence] of [
  ["us", "ringback", [440, 480], [2, 4]],
  ["us", "busy", [480, 620], [0.5, 0.5]],
  ["us", "congestion", [480, 620], [0.25, 0.25]],
  ["us", "callWaiting", [440], [0.3, 9.7]],
  ["uk", "ringback", [400, 450], [0.4, 0.2, 0.4, 2]],
  ["uk", "busy", [400], [0.37, 0.38]],
  ["uk", "unobtainable", [400], [1]],
  ["eu", "ringback", [425], [1, 4]],
  ["eu", "busy", [425], [0.5, 0.5]],
  ["de", "ringback", [425], [1, 4]],
  ["de", "busy", [425], [0.48, 0.48]],
  ["de", "congestion", [425], [0.24, 0.24]],
  ["fr", "ringback", [440], [1.5, 3.5]],
  ["fr", "busy", [440], [0.5, 0.5]],
  ["it", "ringback", [425], [1, 4]],
  ["it", "congestion", [425], [0.2, 0.2]],
  ["es", "ringback", [425], [1.5, 3]],
  ["es", "busy", [425], [0.2, 0.2]],
  ["es", "congestion", [425], [0.2, 0.2, 0.2, 0.2, 0.2, 0.6]],
  ["nl", "ringback", [425], [1, 4]],
  ["nl", "congestion", [425], [0.25, 0.25]],
  ["au", "ringback", [413, 438], [0.4, 0.2, 0.4, 2]],
  ["au", "unobtainable", [425], [2.5, 0.5]],
  ["jp", "ringback", [400], [1, 2]],
  ["jp", "busy", [400], [0.5, 0.5]],
  ["in", "ringback", [400], [0.4, 0.2, 0.4, 2]],
  ["in", "busy", [400], [0.75, 0.75]],
  ["br", "ringback", [425], [1, 4]],
  ["br", "busy", [425], [0.25, 0.25]],
  ["cn", "ringback", [450], [1, 4]],
  ["cn", "busy", [450], [0.35, 0.35]],
]) {
  test(`${region}: ${tone} is ${hz.join(" and ")} Hz, ${cadence.join(" ")} s`, () => {
    const pattern = patternOf(region, tone);
    const samples = render(pattern, RATE);

    const heard = beats(samples, RATE);
    assert.equal(heard.length, cadence.length);
    heard.forEach((hundredths, n) => {
      assert.ok(Math.abs(Math.abs(hundredths) - cadence[n] * 100) <= 1, `${hundredths} for ${cadence[n]} s`);
      assert.equal(hundredths > 0, n % 2 === 0);
    });
    const first = samples.subarray(0, Math.min(WINDOW, cadence[0]) * RATE);
    for (const one of hz) assert.ok(amplitude(first, one, RATE) > 0.03, `${one} Hz: ${amplitude(first, one, RATE)}`);
    for (const other of [350, 525, 700, 1000]) assert.ok(amplitude(first, other, RATE) < 0.01, `${other} Hz is heard`);
  });
}

test("the special information tone goes up in three steps", () => {
  const samples = render(patternOf("us", "unobtainable"), RATE);

  assert.deepEqual(beats(samples, RATE), [99, -100]);
  [950, 1400, 1800].forEach((hz, n) => {
    const step = samples.subarray((n * 0.33 + 0.05) * RATE, (n * 0.33 + 0.25) * RATE);
    assert.ok(amplitude(step, hz, RATE) > 0.15, `${hz} Hz`);
  });
});

test("every other beat of Australia's congestion is 10 dB lower", () => {
  const samples = render(patternOf("au", "congestion"), RATE);
  const [loud, low] = [0.1, 0.85].map((at) => amplitude(samples.subarray(at * RATE, (at + WINDOW) * RATE), 425, RATE));

  assert.ok(Math.abs(20 * Math.log10(loud / low) - 10) < 0.5, `${loud} and ${low}`);
});

test("the ringing of Japan and of India swells and fades, at 16 and at 25 Hz", () => {
  for (const [region, by] of [["jp", 16], ["in", 25]]) {
    const samples = render(patternOf(region, "ringback"), RATE).subarray(0, 0.4 * RATE);
    for (const side of [400 - by, 400 + by]) assert.ok(amplitude(samples, side, RATE) > 0.02, `${region}: ${side} Hz`);
  }
});

test("a ringtone rings as telephones ring there, in notes that no exchange has", () => {
  for (const region of REGIONS) {
    const samples = render(patternOf(region, "ringtone"), RATE);

    assert.equal(length(patternOf(region, "ringtone")), cadenceOf(region).reduce((sum, seconds) => sum + seconds));
    const first = samples.subarray(0, WINDOW * RATE);
    for (const hz of [660, 880]) assert.ok(amplitude(first, hz, RATE) > 0.05, `${region}: ${hz} Hz`);
  }
});

test("an end is three beeps, once", () => {
  for (const region of REGIONS) {
    const pattern = patternOf(region, "ended");

    assert.equal(pattern.loops, false);
    assert.deepEqual(beats(render(pattern, RATE), RATE), [20, -20, 20, -20, 20]);
  }
});

test("every tone of every region is audible, does not clip, and does not click", () => {
  for (const region of REGIONS) {
    for (const tone of ["ringtone", "ringback", "callWaiting", "busy", "congestion", "unobtainable", "ended"]) {
      const pattern = patternOf(region, tone);
      const samples = render(pattern, RATE);
      // As it is heard: the end is followed by the beginning, or by silence.
      const next = (n) => samples[n + 1] ?? (pattern.loops ? samples[0] : 0);

      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      const steepest = samples.reduce((most, sample, n) => Math.max(most, Math.abs(next(n) - sample)), 0);
      assert.ok(loudest > 0.05 && loudest < 0.7, `${region} ${tone}: ${loudest}`);
      // A sine of 1800 Hz climbs by 0.7 of its amplitude from sample to sample.
      assert.ok(steepest < loudest * 0.75, `${region} ${tone} jumps by ${steepest}`);
    }
  }
});

test("a key is its row and its column, as ITU-T Q.23 has them", () => {
  const rows = { 697: "123A", 770: "456B", 852: "789C", 941: "*0#D" };
  const columns = { 1209: "147*", 1336: "2580", 1477: "369#", 1633: "ABCD" };
  const of = (table, digit) => Number(Object.keys(table).find((hz) => table[hz].includes(digit)));

  for (const digit of "0123456789ABCD*#") {
    const samples = render(keyPattern(digit), RATE);
    const loud = [697, 770, 852, 941, 1209, 1336, 1477, 1633].filter((hz) => amplitude(samples, hz, RATE) > 0.07);
    assert.deepEqual(loud, [of(rows, digit), of(columns, digit)], digit);
  }
  for (const other of ["", "E", "12", " ", "a", "+"]) assert.equal(keyPattern(other), undefined, JSON.stringify(other));
});

test("a language leads to its country's tones, else to where most speak it, else to what E.180 recommends", () => {
  const wanted = {
    "en-US": "us", en: "us", "en-CA": "us", "fr-CA": "us", "es-PR": "us", "en-GB": "uk", "de-DE": "de", de: "de",
    "de-AT": "eu", "fr-FR": "fr", fr: "fr", "fr-BE": "eu", it: "it", "es-ES": "es", es: "es", "es-MX": "eu", nl: "nl",
    "nl-BE": "eu", "en-AU": "au", ja: "jp", "ja-JP": "jp", hi: "in", "en-IN": "in", "pt-BR": "br", pt: "br",
    "pt-PT": "eu", zh: "cn", "zh-Hans-CN": "cn", pl: "eu", sv: "eu", "not a language": "eu", "": "eu",
  };

  for (const [language, region] of Object.entries(wanted)) assert.equal(regionOf(language), region, language);
  assert.equal(regionOf(undefined), "eu");
});
