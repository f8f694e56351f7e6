// What the page says of what was found.

/** @typedef {import("../../js/check.js").CallFindings} CallFindings */
/** @typedef {import("../../js/check.js").CheckReport} CheckReport */
/** @typedef {import("../../js/check.js").CheckStep} CheckStep */
/** @typedef {import("../../js/check.js").Verdict} Verdict */

/**
 * A way, a server or a gateway, and whether it works.
 *
 * @typedef {{ works: boolean | undefined, name: string, more: string }} Mark
 */

/** What a row shows. @typedef {{ words: string, figures?: [string, string][], ways?: Mark[], marks?: Mark[] }} Shown */

/** @type {Record<Verdict, { title: string, words: string, badge: string, icon: string }>} */
export const VERDICTS = {
  ready: { title: "You can call", words: "Nothing speaks against it.", badge: "OK", icon: "check" },
  degraded: {
    title: "You can call, with limits", words: "Calls work, but not as well as they should.", badge: "Limited",
    icon: "alert",
  },
  inconclusive: {
    title: "Not all could be found out", words: "What was found is well; something is not known.", badge: "Unknown",
    icon: "question",
  },
  blocked: {
    title: "Calls do not work here", words: "Something has to be mended first.", badge: "Blocked", icon: "close",
  },
  permissionDenied: {
    title: "The microphone is not allowed", words: "Without it nobody can hear you.", badge: "Not allowed",
    icon: "mic-off",
  },
};

/** @type {Record<CheckStep, { title: string, icon: string, running: string, waiting: string }>} */
export const STEPS = {
  permission: {
    title: "Permission", icon: "lock", waiting: "Whether this page may use the microphone",
    running: "Answer the browser’s question with “Allow”.",
  },
  devices: { title: "Devices", icon: "speaker", waiting: "What is plugged in", running: "Looking…" },
  microphone: {
    title: "Microphone", icon: "mic", waiting: "Whether you are heard", running: "Say something: it is listening.",
  },
  gateway: { title: "Gateway", icon: "server", waiting: "Whether it answers, and how fast", running: "Asking it…" },
  ice: { title: "Ways for sound", icon: "ways", waiting: "Direct, or over a relay", running: "Trying each of them…" },
  signIn: { title: "Sign-in", icon: "people", waiting: "For the echo call", running: "Signing in…" },
  call: { title: "Test call", icon: "wave", waiting: "How a call sounds", running: "Calling and listening…" },
};

/**
 * @param {CheckStep} step
 * @param {CheckReport} report
 * @returns {Shown}
 */
export function shown(step, report) {
  const { state } = report.steps[step];
  if (state === "waiting") return { words: STEPS[step].waiting };
  if (state === "skipped") return { words: "Left out" };
  const found = FOUND[step](report);
  return found ?? { words: state === "running" ? STEPS[step].running : "Nothing was found out." };
}

/** @type {Record<CheckStep, (report: CheckReport) => Shown | undefined>} */
const FOUND = {
  permission({ permission }) {
    return permission && { words: permission.failure ? "There is no microphone to hear." : "Allowed" };
  },
  devices({ devices }) {
    if (!devices) return undefined;
    const { microphones, speakers } = devices;
    const told = speakers.length > 0 ? count(plugged(speakers), "loudspeaker") : "the browser tells of no loudspeakers";
    return { words: `${count(plugged(microphones), "microphone")}, ${told}` };
  },
  microphone: ({ microphone }) => microphone && {
    words: microphone.label || "The system’s microphone",
    ...(microphone.loudest && microphone.average && {
      figures: [["Loudest", db(microphone.loudest.rmsDb)], ["On average", db(microphone.average.rmsDb)]],
    }),
  },
  gateway({ gateways, steps }) {
    if (gateways.length === 0) return undefined;
    const marks = gateways.map(({ url, region, failure, rttMs, rttBy, openMs }) => {
      const trip = rttBy === "ping" ? `${ms(rttMs)} there and back` : "it answers no ping without a sign-in";
      const more = failure ? FAILURES[failure] : `opened in ${ms(openMs)}, ${trip}`;
      return { works: failure === undefined, name: region ? `${region} (${url})` : url, more };
    });
    const works = marks.filter((mark) => mark.works).length;
    const words = works > 0 ? "It answers." : "It cannot be used.";
    return { words: steps.gateway.state === "running" ? STEPS.gateway.running : words, marks };
  },
  ice({ ice, steps }) {
    if (!ice) return undefined;
    const { host, reflexive, relay, servers } = ice;
    const ways = [{ works: host, name: "Direct", more: "" }, { works: reflexive, name: "Through NAT", more: "" }];
    for (const protocol of /** @type {const} */ (["udp", "tcp", "tls"])) {
      ways.push({ works: relay[protocol], name: `Relay, ${protocol.toUpperCase()}`, more: "" });
    }
    const marks = servers.map(({ url, works, failure, ms: took }) => {
      return { works, name: url, more: works ? `answered in ${ms(took)}` : FAILURES[failure ?? "unreachable"] };
    });
    const isRelayed = Object.values(relay).includes(true);
    const direct = host ? "Calls go directly." : "There is no way.";
    const words = isRelayed ? "Calls get through, directly or over a relay." : direct;
    return { words: steps.ice.state === "running" ? STEPS.ice.running : words, ways, marks };
  },
  signIn: ({ signIn }) => signIn && (signIn.error ? { words: "Refused" } : { words: `Signed in, in ${ms(signIn.ms)}` }),
  call: ({ call, steps }) => call && (call.failure ? { words: "It could not be measured." } : {
    words: `${steps.call.state === "running" ? "Listening: " : ""}${wayOf(call)}`, figures: figuresOf(call),
  }),
};

const FAILURES = {
  refused: "not reached", timedOut: "no answer in time", silent: "opened, and then silent",
  forbidden: "forbidden to this page",
  unauthorized: "wrong user name or credential", unreachable: "not reached", invalid: "not accepted by the browser",
};

/** @param {CallFindings} call */
function wayOf({ kind, via, over, quality }) {
  const sounds = quality && quality !== "unknown" ? `${quality}, ` : "";
  const way = via === "relay" ? `over a relay${over ? ` (${over.toUpperCase()})` : ""}` : "directly";
  const itself = via === "relay" ? "to itself " : "inside this computer, ";
  const to = kind === "loopback" ? itself : "to the echo service, ";
  return capital(`${sounds}${to}${way}`);
}

/** @param {CallFindings} call @returns {[string, string][]} */
function figuresOf({ mos, jitter, rtt, loss, setUpMs }) {
  return /** @type {[string, string][]} */ ([
    ["Score (MOS)", mos && mos.mean.toFixed(1)],
    ["Round trip", rtt && ms(1_000 * rtt.mean)],
    ["Jitter", jitter && ms(1_000 * jitter.mean)],
    ["Loss", loss === undefined ? undefined : `${(100 * loss).toFixed(1)} %`],
    ["Set up in", setUpMs === undefined ? undefined : ms(setUpMs)],
  ].filter(([, value]) => value !== undefined));
}

/** @param {number | undefined} value */
function ms(value = 0) {
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ms`;
}

/** @param {number} value */
function db(value) {
  return `${Math.round(value)} dB`.replace("-", "−");
}

/** Chromium names some a second time, for what they are used for. @param {readonly { deviceId: string }[]} devices */
function plugged(devices) {
  const own = devices.filter(({ deviceId }) => deviceId !== "default" && deviceId !== "communications");
  return Math.max(own.length, Math.min(1, devices.length));
}

/**
 * @param {number} number
 * @param {string} what
 */
function count(number, what) {
  return `${number === 0 ? "no" : number} ${what}${number === 1 ? "" : "s"}`;
}

/** @param {string} words */
export function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * A report as text that can be sent to somebody: first what a person reads, then all of it.
 *
 * @param {CheckReport} report
 */
export function textOf(report) {
  const { verdict, reasons, startedAt } = report;
  const lines = [
    `Offhook check: ${verdict ?? "not finished"}, ${startedAt.toISOString()}`,
    navigator.userAgent,
    ...reasons.map(({ code, subject, message }) => `- ${code}${subject ? ` (${subject})` : ""}: ${message}`),
  ];
  return `${lines.join("\n")}\n\n${JSON.stringify(report, undefined, 2)}\n`;
}
