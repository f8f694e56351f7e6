// Who competes, and what each does in a round: a fresh page, a sign-in, calls, frames; or many calls, or a long one.

import { brotliCompressSync, constants } from "node:zlib";

/** `kind` is whose code it is. */
export const CONTESTANTS = [
  { name: "offhook", kind: "offhook" },
  { name: "incumbent", kind: "incumbent" },
  { name: "bare", kind: "bare" },
  { name: "bareMicrophoneFirst", kind: "bare", options: { microphoneFirst: true } },
  { name: "offhookDefaults", kind: "offhook", options: { isDefault: true } },
  { name: "offhookJudged", kind: "offhook", options: { isDefault: true, isJudged: true } },
  { name: "incumbentDefaults", kind: "incumbent", options: { isDefault: true } },
];

const CALLING = ["firstInvite", "invite", "rtp", "active"];

/** What is measured in a round's visit; the sign-in is on the way to all that comes after it. */
export const VISITED = [
  "import", "connect", ...CALLING, "prepared", "atOnce", "afterRinging", "judging", "frames", "idleFrames",
];

const FLOODS = { frames: ["conversation", 5000], idleFrames: ["idle", 1000] };

/** Floods before the one that counts: by then the browser has compiled what it will. */
const WARM_FLOODS = 3;

/** One visit of one contestant. Resolves with a sample for each measure that is wanted of it. */
export async function visitOnce(stage, contestant, number, wanted) {
  const asked = (...measures) => measures.some((name) => wanted.has(name));
  const samples = {};
  await visiting(stage, number, async (visit) => {
    samples.import = await visit.measure("load", contestant.kind);
    if (!asked(...VISITED.slice(1))) return;
    samples.connect = await signIn(stage, visit, contestant, number);
    if (asked(...CALLING)) Object.assign(samples, await outgoing(visit));
    // Of each the second counts: the code of the first is not compiled yet.
    if (asked("prepared")) samples.prepared = (await second(() => visit.measure("prepared"))).invite;
    if (asked("atOnce")) samples.atOnce = await second(() => visit.measureRung("atOnce"));
    if (asked("afterRinging")) samples.afterRinging = await second(() => visit.measureRung("afterRinging"));
    if (asked("judging")) samples.judging = await visit.measure("judging");
    for (const measure of ["frames", "idleFrames"]) {
      if (asked(measure)) samples[measure] = await floodCost(visit, measure);
    }
  });
  return Object.fromEntries(Object.entries(samples).filter(([name, value]) => asked(name)));
}

/** CPU time of the main thread while a client hears a flood of frames, in ms. */
async function floodCost(visit, measure) {
  let spent = 0;
  for (let flood = 0; flood <= WARM_FLOODS; flood += 1) {
    await visit.measure("readyFrames", ...FLOODS[measure]);
    const before = await busy(visit);
    await visit.measure("flood");
    spent = (await busy(visit)) - before;
    await visit.measure("answerFlood");
  }
  return spent;
}

/** A visit in which `work` may take one measure as often as it likes. */
export async function measuring(stage, contestant, measure, work) {
  await visiting(stage, 0, async (visit) => {
    await visit.measure("load", contestant.kind);
    await signIn(stage, visit, contestant, 0);
    const isRung = measure === "atOnce" || measure === "afterRinging";
    await work(visit, () => {
      if (measure in FLOODS) return floodCost(visit, measure);
      return isRung ? visit.measureRung(measure) : visit.measure(measure);
    });
  });
}

async function outgoing(visit) {
  const { invite: firstInvite } = await visit.measure("outgoing");
  return { firstInvite, ...(await second(() => visit.measure("outgoing"))) };
}

async function second(measure) {
  await measure();
  return measure();
}

/** Calls before the first look at the memory: what is made once is made by then. */
const CALLS_BEFORE = 20;

/** Calls between two looks, of which there are two more. */
export const CALLS = 100;

/** Calls between two collections: a browser has only so many connections that nobody has collected. */
const STRIDE = 20;

/** Chromium keeps every request for the microphone for ten seconds, and its stream with it: they must be gone. */
const KEPT = 12_000;

/** Bytes that JavaScript and WebAssembly hold after some calls, a hundred more, and another hundred. */
export async function memoryLooks(stage, contestant, number) {
  const looks = [];
  await visiting(stage, number, async (visit) => {
    await visit.measure("load", contestant.kind);
    await signIn(stage, visit, contestant, number);
    for (const calls of [CALLS_BEFORE, CALLS, CALLS]) {
      for (let made = 0; made < calls; made += STRIDE) {
        await visit.measure("calls", STRIDE);
        await visit.cdp.send("HeapProfiler.collectGarbage");
      }
      looks.push(await held(visit));
    }
  });
  return looks;
}

async function held({ cdp, page }) {
  await new Promise((resolve) => setTimeout(resolve, KEPT));
  // What the first collection finalises, the second frees.
  for (let round = 0; round < 2; round += 1) await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  return usedSize + (await page.evaluate(() => marks.memory()));
}

/** How long a quiet call is watched, in seconds. */
const WATCH = 20;

/** Main-thread CPU time of a call in which nobody does anything, in ms a minute. */
export async function quietCall(stage, contestant, number) {
  let spent;
  await visiting(stage, number, async (visit) => {
    await visit.measure("load", contestant.kind);
    await signIn(stage, visit, contestant, number);
    await visit.measure("hold");
    const before = await busy(visit);
    await new Promise((resolve) => setTimeout(resolve, WATCH * 1000));
    spent = ((await busy(visit)) - before) * (60 / WATCH);
    await visit.measure("letGo");
  });
  return spent;
}

/** CPU time that the main thread has used, in ms: what others do on this machine is not in it. */
async function busy({ cdp }) {
  // Not by its "threadTicks": those stop the slow clock around every listener, which costs more than the frame.
  await cdp.send("Performance.enable", { timeDomain: "timeTicks" });
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ThreadTime").value * 1000;
}

async function visiting(stage, number, work) {
  const visit = await stage.visit(user(number));
  try {
    await work(visit);
    if (visit.broken.length > 0) throw new Error(`the page said: ${visit.broken.join("; ")}`);
  } finally {
    await visit.close();
  }
}

function signIn({ gateway }, visit, { kind, options }, number) {
  return visit.measure("signIn", kind, { url: gateway.telnyx, login: user(number), password: "1234", ...options });
}

/** The gateway's users in turn, so that a call never rings at a page that has just gone. */
function user(number) {
  return String(1000 + (number % 6));
}

/** Bytes of what a page downloads, after brotli. */
export function weigh({ files }, kind) {
  return DOWNLOADS[kind].map((path) => brotli(files.get(path))).reduce((sum, bytes) => sum + bytes, 0);
}

const DOWNLOADS = {
  offhook: ["/pkg/offhook_bg.wasm", "/pkg/index.js"],
  incumbent: ["/incumbent.js"],
  bare: ["/bare.js"],
};

function brotli(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}
