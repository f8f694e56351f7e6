/** @typedef {import("../tones.js").ToneName} ToneName */
/** @typedef {import("../tones.js").ToneRegion} ToneRegion */
/** @typedef {import("./pattern.js").Pattern} Pattern */

import { beats, steps } from "./pattern.js";

/** The special information tone (ITU-T E.180): three rising tones. */
const INFORMATION = steps([950, 1400, 1800], 0.33, 1);

/**
 * Somebody waits while somebody else speaks: half as loud. E.180 has it 10 dB below speech where it may be.
 *
 * @param {readonly number[]} hz
 * @param {readonly number[]} cadence
 * @param {number} [by]
 */
function aside(hz, cadence, by) {
  return beats(hz, cadence, { level: 0.5, ...(by !== undefined && { by }) });
}

/** Australia's congestion tone is its busy tone with every other beat 10 dB lower (AS/ACIF S002). */
const AUSTRALIAN_CONGESTION = (() => {
  const { pieces, ...rest } = beats([425], [0.375, 0.375, 0.375, 0.375]);
  return { ...rest, pieces: pieces.map((piece, n) => (n === 2 ? { ...piece, level: 0.32 } : piece)) };
})();

/**
 * What exchanges say: ITU-T E.180 Supplement 2; for the United Kingdom BT SIN 350, for Australia AS/ACIF S002, for
 * North America ANSI/TIA-464. Where a country has no number-unobtainable tone of its own, it is E.180's special
 * information tone. `eu` is what E.180 recommends and most countries have.
 *
 * @type {Record<ToneRegion, Record<"ringback" | "busy" | "congestion" | "unobtainable" | "callWaiting", Pattern>>}
 */
const EXCHANGES = {
  us: {
    ringback: beats([440, 480], [2, 4]),
    busy: beats([480, 620], [0.5, 0.5]),
    congestion: beats([480, 620], [0.25, 0.25]),
    unobtainable: INFORMATION,
    callWaiting: aside([440], [0.3, 9.7]),
  },
  uk: {
    ringback: beats([400, 450], [0.4, 0.2, 0.4, 2]),
    busy: beats([400], [0.375, 0.375]),
    congestion: beats([400], [0.4, 0.35, 0.225, 0.525]),
    unobtainable: beats([400], [1]),
    callWaiting: aside([400], [0.1, 4]),
  },
  eu: {
    ringback: beats([425], [1, 4]),
    busy: beats([425], [0.5, 0.5]),
    congestion: beats([425], [0.2, 0.2]),
    unobtainable: INFORMATION,
    callWaiting: aside([425], [0.2, 0.6, 0.2, 9]),
  },
  de: {
    ringback: beats([425], [1, 4]),
    busy: beats([425], [0.48, 0.48]),
    congestion: beats([425], [0.24, 0.24]),
    unobtainable: INFORMATION,
    callWaiting: aside([425], [0.2, 0.2, 0.2, 5]),
  },
  fr: {
    ringback: beats([440], [1.5, 3.5]),
    busy: beats([440], [0.5, 0.5]),
    congestion: beats([440], [0.25, 0.25]),
    unobtainable: INFORMATION,
    callWaiting: aside([440], [0.3, 10]),
  },
  it: {
    ringback: beats([425], [1, 4]),
    busy: beats([425], [0.5, 0.5]),
    congestion: beats([425], [0.2, 0.2]),
    unobtainable: INFORMATION,
    callWaiting: aside([425], [0.4, 0.1, 0.25, 0.1, 0.15, 14]),
  },
  es: {
    ringback: beats([425], [1.5, 3]),
    busy: beats([425], [0.2, 0.2]),
    congestion: beats([425], [0.2, 0.2, 0.2, 0.2, 0.2, 0.6]),
    unobtainable: INFORMATION,
    callWaiting: aside([425], [0.175, 0.175, 0.175, 3.5]),
  },
  nl: {
    ringback: beats([425], [1, 4]),
    busy: beats([425], [0.5, 0.5]),
    congestion: beats([425], [0.25, 0.25]),
    unobtainable: INFORMATION,
    callWaiting: aside([425], [0.5, 9.5]),
  },
  au: {
    ringback: beats([413, 438], [0.4, 0.2, 0.4, 2]),
    busy: beats([425], [0.375, 0.375]),
    congestion: AUSTRALIAN_CONGESTION,
    unobtainable: beats([425], [2.5, 0.5]),
    callWaiting: aside([425], [0.2, 0.2, 0.2, 4.4]),
  },
  jp: {
    ringback: beats([400], [1, 2], { by: 16 }),
    busy: beats([400], [0.5, 0.5]),
    congestion: beats([400], [0.5, 0.5]),
    unobtainable: INFORMATION,
    callWaiting: aside([400], [0.5, 8], 16),
  },
  in: {
    ringback: beats([400], [0.4, 0.2, 0.4, 2], { by: 25 }),
    busy: beats([400], [0.75, 0.75]),
    congestion: beats([400], [0.25, 0.25]),
    unobtainable: INFORMATION,
    callWaiting: aside([400], [0.2, 0.1, 0.2, 7.5]),
  },
  br: {
    ringback: beats([425], [1, 4]),
    busy: beats([425], [0.25, 0.25]),
    congestion: beats([425], [0.25, 0.25, 0.75, 0.25]),
    unobtainable: INFORMATION,
    callWaiting: aside([425], [0.05, 1]),
  },
  cn: {
    ringback: beats([450], [1, 4]),
    busy: beats([450], [0.35, 0.35]),
    congestion: beats([450], [0.7, 0.7]),
    unobtainable: INFORMATION,
    callWaiting: aside([450], [0.4, 4]),
  },
};

/** Every region, for a page that lets the person choose. */
export const REGIONS = /** @type {ToneRegion[]} */ (Object.keys(EXCHANGES));

/** Two notes that a telephone's bell could have: none of an exchange's tones has them. */
const BELL = [660, 880];

/** How often a bell's clapper strikes, in Hz: what E.180 has the ringing current at. */
const CLAPPER = 20;

/** Three short beeps (3GPP TS 22.001 annex F, "call dropped"), in the region's own frequencies. */
const BEEPS = [0.2, 0.2, 0.2, 0.2, 0.2];

/** Whose telephones sound as another country's. ISO 3166. @type {[ToneRegion, string[]][]} */
const ALIKE = [
  ["us", ["US", "CA", "PR", "GU", "VI", "JM", "BS", "TT", "BB", "DO"]],
  ["uk", ["GB", "GG", "JE", "IM", "GI"]],
];

/**
 * Whose tones a person knows who reads this language: those of its country, else of the country where most read it,
 * else what E.180 recommends.
 *
 * @param {string | undefined} language such as `"en-GB"`
 * @returns {ToneRegion}
 */
export function regionOf(language) {
  const country = countryOf(language);
  const [region] = ALIKE.find(([, countries]) => countries.includes(country)) ?? [];
  return region ?? REGIONS.find((own) => own === country.toLowerCase()) ?? "eu";
}

/** @param {string | undefined} language */
function countryOf(language) {
  try {
    return new Intl.Locale(language ?? "").maximize().region ?? "";
  } catch {
    // Not a language: some browsers let a person write what they like.
    return "";
  }
}

/**
 * How a region says it.
 *
 * @param {ToneRegion} region
 * @param {ToneName} tone
 * @returns {Pattern}
 */
export function patternOf(region, tone) {
  const exchange = EXCHANGES[region];
  switch (tone) {
    case "ringtone":
      return beats(BELL, cadenceOf(region), { by: CLAPPER, level: 2 });
    case "ended":
      return beats(exchange.busy.pieces[0]?.hz ?? [], BEEPS, { loops: false });
    case "ringback":
    case "busy":
    case "congestion":
    case "unobtainable":
    case "callWaiting":
      return exchange[tone];
  }
}

/** How telephones ring there: how long, and how long not, in turn, in seconds. @param {ToneRegion} region */
export function cadenceOf(region) {
  return EXCHANGES[region].ringback.pieces.map(({ seconds }) => seconds);
}
