import { Calls } from "./calls.js";
import { DevicePickers } from "./devices.js";
import { createDialpad } from "./dialpad.js";
import { part } from "./dom.js";
import { isHere, LOOPBACK } from "./gateway.js";
import { listenToKeys } from "./keyboard.js";
import { Log } from "./log.js";
import { Needed } from "./needed.js";
import { createNotices, wordsOf } from "./notices.js";
import { Order } from "./order.js";
import { Quality } from "./quality.js";
import { createQuickDial } from "./quickdial.js";
import { Recent } from "./recent.js";
import { Recording } from "./recording.js";
import { createReconnecting } from "./reconnecting.js";
import { createRegion } from "./region.js";
import { keepForReload, takeAfterReload } from "./reload.js";
import { load, NotLoaded, open, record } from "./session.js";
import { Settings } from "./settings.js";
import { SignIn } from "./signin.js";
import { Sound } from "./sound.js";
import { showReady, showStatus } from "./status.js";
import { Support } from "./support.js";
import { TonesPanel } from "./tones.js";

/**
 * @typedef {import("../../js/index.js").Client} Client
 * @typedef {import("../../js/index.js").ConnectOptions} ConnectOptions
 */

/** @typedef {import("./log.js").Kind} Kind */

const log = new Log();
const write = (/** @type {Kind} */ kind, /** @type {string} */ text, /** @type {unknown} */ detail = undefined) =>
  log.write(kind, text, detail);
const notices = createNotices(write);
const region = createRegion();
const devices = new DevicePickers({ write, onError: notices.show });
const tones = new TonesPanel({ write, onError: notices.show });
const needed = new Needed({ write, onError: notices.show });
const recording = new Recording();
const settings = new Settings({ write, onError: notices.show });
const quality = new Quality({
  write, onError: notices.show, onChange: (call) => calls.showQuality(call), onVerdict: () => recent.refresh(),
});
const support = new Support(quality);
const onDiagnostics = (/** @type {string} */ id) => support.open(id);
const recent = new Recent({
  quality, onDiagnostics,
  write, onCall: dial, onFill: (number) => dialpad.fill(number), onError: notices.show,
});
const order = new Order({
  write, onWarning: notices.tell, onRing: (call) => calls.ring(call), onChange: () => calls.refresh(),
  onRejected: (call, words) => recent.explain(call, words),
});
const sound = new Sound({
  write, onError: notices.show, onWarning: notices.tell, onChange: () => calls.refresh(),
  onDevices: (found) => {
    devices.show(found);
    tones.show(found);
  },
});
const calls = new Calls({
  write, order, sound, quality, onDiagnostics, onError: notices.show, onCount: (count) => devices.showCalls(count),
  canTransfer: () => client?.dialect === "freeswitch",
}, recent);
const dialpad = createDialpad({
  onCall: dial, onPress: (digit) => tones.press(digit), onEmpty: () => calls.answerFirst(),
});
const quickDial = createQuickDial({ write, onCall: dial, onError: notices.show });
const reconnecting = createReconnecting({ onReconnectNow: () => client?.reconnectNow() });
const signIn = new SignIn({ region, onSubmit: connect, onCancel: () => connecting?.abort() });

/** @type {Client | undefined} */
let client;
/** What signed it in. @type {import("./reload.js").SignedIn | undefined} */
let signedIn;
/** @type {AbortController | undefined} */
let connecting;

part(document, "sign-out", HTMLButtonElement).addEventListener("click", signOut);
listenToKeys({
  isActive: () => client !== undefined,
  onDigit: (digit) => { if (!calls.takeDigit(digit)) dialpad.press(digit); },
  onEnter: () => { if (!calls.answerFirst() && !dialpad.isEmpty()) dialpad.dial(); },
  onEscape: () => (calls.isEmpty ? dialpad.clear() : calls.hangupCurrent()),
  onBackspace: dialpad.backspace,
});
// Who comes near the numbers is about to call.
for (const name of ["dial-form", "test-numbers"]) {
  for (const event of ["pointerenter", "input"]) part(document, name, HTMLElement).addEventListener(event, prepare);
}
addEventListener("pagehide", () => {
  if (signedIn !== undefined && client !== undefined && client.calls.length > 0) keepForReload(signedIn);
});
load().then(() => {
  const before = takeAfterReload();
  if (before !== undefined) connect(before.options, before.user);
}, showNotLoaded);

/**
 * @param {ConnectOptions} options
 * @param {string} user
 */
async function connect(options, user) {
  const attempt = new AbortController();
  connecting = attempt;
  notices.clear();
  signIn.busy();
  region.lockForConnecting();
  const where = options.url ?? `Telnyx, ${options.environment}`;
  showStatus("connecting", "Connecting", [where]);
  write("session", `Connecting to ${where}`);
  try {
    const screen = await recent.opened();
    const opened = await open({
      ...options, ...settings.options, onReload: "resume", signal: attempt.signal, plugins: [support.plugin],
    });
    screen(opened);
    signIn.idle({ forget: true });
    signedIn = { options, user };
    begin(opened, user);
  } catch (error) {
    signIn.idle({ forget: false });
    region.unlock();
    showStatus("signed-out", "Signed out");
    explain(error, attempt.signal.aborted);
  } finally {
    connecting = undefined;
  }
}

/**
 * @param {unknown} error
 * @param {boolean} cancelled
 */
function explain(error, cancelled) {
  if (cancelled) {
    write("session", "Cancelled");
    signIn.focus();
  } else if (error instanceof NotLoaded) {
    showNotLoaded(error);
  } else {
    const { what, advice, code } = wordsOf(error);
    write("error", [what, advice, code === "" ? "" : `(${code})`].filter((part) => part !== "").join(" "));
    signIn.showProblem(`${what} ${advice}`);
  }
}

/** @param {unknown} error */
function showNotLoaded(error) {
  const cause = error instanceof NotLoaded && error.cause instanceof Error ? ` (${error.cause.message})` : "";
  const advice = "In the project's folder, npm start builds it and serves this page; then load the page again.";
  const words = `Offhook's module could not be loaded${cause}. ${advice}`;
  write("error", words);
  signIn.showProblem(words);
}

/**
 * @param {Client} opened
 * @param {string} user
 */
function begin(opened, user) {
  client = opened;
  record(opened, write);
  order.attach(opened);
  const session = sound.attach(opened, { wakeLock: settings.wakeLock });
  const endIfOver = () => opened.ready || opened.reconnecting || end("lost");
  opened.on("error", ({ error }) => {
    notices.show(error);
    if (error.fatal) endIfOver();
  });
  opened.on("socketDisconnected", endIfOver);
  opened.on("reconnecting", (attempt) => {
    reconnecting.show(attempt);
    showStatus("reconnecting", "Reconnecting");
  });

  showReady(opened, user);
  if (opened.dialect === "telnyx") region.lockInUse(opened.region);
  opened.on("ready", ({ region: served, dc }) => {
    reconnecting.hide();
    if (opened.dialect === "telnyx") region.lockInUse(opened.region, [served, dc]);
    showReady(opened, user);
  });
  part(document, "region-field", HTMLElement).hidden = opened.dialect !== "telnyx";
  devices.attach(session);
  quality.attach(opened, session);
  support.attach(opened, user);
  settings.attach(opened);
  needed.attach(opened, session);
  tones.attach(opened, session);
  recent.attach(opened, user);
  if (LOOPBACK && isHere(opened.url) && user !== "") quickDial.show(user, { welcome: opened.dialect === "freeswitch" });
  document.body.dataset.view = "signed-in";
  recording.show();
  scrollTo(0, 0);
  // Where fingers type, a focused field would bring up the keyboard over the phone.
  if (matchMedia("(hover: hover)").matches) dialpad.focus();
  else document.getElementById("main")?.focus();
}

/** @param {string | undefined} destination */
function dial(destination) {
  if (client === undefined) return;
  notices.clear();
  calls.start(destination);
}

/** Makes the next call quick; a call that was not prepared is made all the same. */
function prepare() {
  client?.prepare().catch(() => {});
}

function signOut() {
  write("session", "Signed out");
  end("signed-out");
}

/**
 * Goes back to the sign-in form.
 *
 * @param {"signed-out" | "lost"} how
 */
function end(how) {
  if (client === undefined) return;
  client.close();
  client = signedIn = undefined;
  reconnecting.hide();
  order.detach();
  sound.detach();
  devices.detach();
  settings.detach();
  needed.detach();
  tones.detach();
  recent.detach();
  quality.detach();
  support.detach();
  quickDial.hide();
  region.unlock();
  part(document, "region-field", HTMLElement).hidden = false;
  showStatus(how, how === "lost" ? "Connection lost" : "Signed out");
  document.body.dataset.view = "signed-out";
  if (how === "lost") signIn.showProblem("The connection to the gateway was lost. Sign in again.");
  signIn.focus();
}
