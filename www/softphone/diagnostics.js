import { causeWords } from "./words.js";

/**
 * @typedef {import("../../js/quality.js").CallRecord} CallRecord
 * @typedef {import("../../js/quality.js").CallTimings} CallTimings
 * @typedef {import("../../js/quality.js").QualitySummary} QualitySummary
 * @typedef {import("../../js/quality.js").Spread} Spread
 *
 * @typedef {object} Facts
 * @property {string} version of the package, and which module it is
 * @property {import("../../js/index.js").Client | undefined} client while somebody is signed in
 * @property {string} user
 * @property {import("./diary.js").Page | undefined} page the call in question, if there is one
 * @property {CallRecord | undefined} record
 * @property {string} log
 * @property {ReadonlySet<string>} parties whom others were called by, to be left out
 * @property {boolean} isNamed whether they are not left out
 */

/** What of the log is enough to see what came before. */
const LOG_LINES = 100;

const LEFT_OUT = "(left out)";

/**
 * What a support desk asks for first, as text.
 *
 * @param {Facts} facts
 */
export function diagnosticsText(facts) {
  const { page, record, log, parties, isNamed } = facts;
  const lines = `${log.trimEnd().split("\n").slice(-LOG_LINES).join("\n")}\n`;
  const sections = [
    `Offhook diagnostics, ${new Date().toISOString()}\n`,
    table(session(facts)),
    page && section("Call", table(callFacts(page, isNamed))),
    page && section("States", states(page)),
    record && section("Setting up, in milliseconds", table(timings(record.timings))),
    record && record.summary.seconds > 0 && section("Quality", table(summary(record.summary))),
    record && section("Warnings", warnings(record)),
    record?.verdict && section("Verdict", verdict(record.verdict)),
    section("Log, its last lines", isNamed ? lines : without(lines, parties)),
  ];
  return sections.filter((part) => typeof part === "string").join("\n");
}

/** @param {Facts} facts */
function session({ version, client, user }) {
  return {
    Offhook: version,
    Browser: navigator.userAgent,
    Page: `${location.origin}${location.pathname}, ${navigator.onLine ? "online" : "offline"}, ${document.visibilityState}`,
    ...(client && {
      Gateway: new URL(client.url).host,
      Dialect: client.dialect === "telnyx" ? `telnyx, region ${client.region}` : client.dialect,
      Session: client.sessid ?? "none",
      "Signed in as": user === "" ? "by token" : user,
    }),
  };
}

/**
 * @param {import("./diary.js").Page} page
 * @param {boolean} isNamed
 */
function callFacts({ call, parties }, isNamed) {
  const { callControlId, sessionId, legId } = call.telnyxIds;
  return {
    Id: call.id,
    "Telnyx call control id": callControlId,
    "Telnyx session id": sessionId,
    "Telnyx leg id": legId,
    Direction: call.direction,
    State: call.state,
    Ended: call.reason && causeWords(call.reason),
    "Other side": isNamed ? [...parties].join(", ") : LEFT_OUT,
  };
}

/** @param {import("./diary.js").Page} page */
function states({ states: steps }) {
  return steps.map(({ at, state, why }) => `${at.toISOString()} ${state}${why === "" ? "" : ` (${why})`}\n`).join("");
}

/** @param {CallTimings} timings */
function timings({ milestones, ...durations }) {
  const round = (/** @type {Record<string, number>} */ values) =>
    Object.fromEntries(Object.entries(values).map(([name, ms]) => [name, String(Math.round(ms))]));
  const reached = Object.entries(milestones).sort(([, one], [, other]) => one - other)
    .map(([name, ms]) => `${name} ${Math.round(ms)}`).join(", ");
  return { ...round(durations), milestones: reached };
}

/** @param {QualitySummary} summary */
function summary({ seconds, packetsReceived, packetsLost, packetsSent, loss, remoteLoss, jitter, rtt, mos, mosCqe, bands }) {
  return {
    Measured: `${Math.round(seconds)} s`,
    MOS: spread(mos, 1, 2),
    "MOS after G.107": spread(mosCqe, 1, 2),
    Jitter: spread(jitter, 1000, 0, "ms"),
    "Round trip": spread(rtt, 1000, 0, "ms"),
    "Loss on the way here": loss === undefined ? undefined : `${(loss * 100).toFixed(2)} %`,
    "Loss on the way there": spread(remoteLoss, 100, 2, "%"),
    Packets: `${packetsReceived} received, ${packetsLost} lost, ${packetsSent} sent`,
    "How good": Object.entries(bands).filter(([, length]) => length > 0)
      .map(([band, length]) => `${band} ${Math.round(length)} s`).join(", "),
  };
}

/**
 * @param {Spread | undefined} values
 * @param {number} factor
 * @param {number} digits
 * @param {string} [unit]
 */
function spread(values, factor, digits, unit = "") {
  if (values === undefined) return undefined;
  const [least, mean, most] = [values.least, values.mean, values.most].map((value) => (value * factor).toFixed(digits));
  return `${`${mean} ${unit}`.trim()} (${least} to ${most})`;
}

/** @param {CallRecord} record */
function warnings({ summary: { warnings: raised } }) {
  if (raised.length === 0) return "none\n";
  return raised.map(({ code, name, at, times, seconds }) =>
    `${name} (${code}): first after ${Math.round(at / 1000)} s, ${times}×, ${Math.round(seconds)} s in all\n`).join("");
}

/** @param {import("../../js/quality.js").CallVerdict} verdict */
function verdict({ findings }) {
  return findings.map(({ cause, code, severity, side, confidence, text, evidence }) => {
    const figures = Object.entries(evidence).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`).join(", ");
    const sure = `${Math.round(confidence * 100)} % sure`;
    return `${cause} (${code}), ${severity}, ${side}, ${sure}: ${text}${figures === "" ? "" : ` [${figures}]`}\n`;
  }).join("");
}

/**
 * @param {string} title
 * @param {string} text
 */
function section(title, text) {
  return `${title}\n${text.replace(/^(?=.)/gm, "  ")}`;
}

/** @param {Record<string, string | undefined>} facts */
function table(facts) {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined && value !== "");
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}

/**
 * A text in which nobody's name or number is left, as far as it stands by itself: within an id it is chance, and so are
 * one or two digits.
 *
 * @param {string} text
 * @param {ReadonlySet<string>} parties
 */
function without(text, parties) {
  // The longest first: one may be within another.
  const words = [...parties].filter((word) => !/^\d{1,2}$/.test(word)).sort((one, other) => other.length - one.length);
  if (words.length === 0) return text;
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return text.replace(new RegExp(`(?<![\\w.-])(?:${escaped.join("|")})(?![\\w-])`, "g"), LEFT_OUT);
}
