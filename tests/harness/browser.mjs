// Debian's Chromium and Firefox, driven by puppeteer, with the microphone that a test calls for.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { MICROPHONE_TONE, microphoneFile, noSoundServer, scratchFolder, startNullSink } from "./sound.mjs";

/** Which browser this run is about. */
export const BROWSER = process.env.OFFHOOK_BROWSER ?? "chromium";

const LAUNCH = { chromium: launchChromium, firefox: launchFirefox };

/** How long a browser may take to answer one order, in milliseconds. */
const PATIENCE = 30_000;

/**
 * Starts a browser.
 *
 * `microphone` is `"granted"`, `"refused"` or `"missing"`. `isPlain` leaves out what reveals local addresses or grants
 * the permission beforehand, so that it behaves as at a person's desk, who then allows the microphone. `isQuiet` lets a
 * page play nothing before it was touched.
 */
export async function launchBrowser({ microphone = "granted", isPlain = false, isQuiet = false } = {}) {
  const launch = LAUNCH[BROWSER];
  if (!launch) throw new Error(`OFFHOOK_BROWSER is ${BROWSER}; it may be ${Object.keys(LAUNCH).join(" or ")}`);
  return launch({ microphone, isPlain, isQuiet, folder: scratchFolder() });
}

async function launchChromium({ microphone, isPlain, isQuiet, folder }) {
  const args = [
    // As root it has no sandbox, and in a container next to no shared memory.
    "--no-sandbox", "--disable-dev-shm-usage",
    `--autoplay-policy=${isQuiet ? "document-user-activation-required" : "no-user-gesture-required"}`,
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic",
  ];
  if (microphone !== "refused") args.push("--use-fake-ui-for-media-stream");
  if (microphone !== "missing") {
    args.push("--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${microphoneFile(folder)}`);
  }
  if (!isPlain) args.push("--disable-features=WebRtcHideLocalIpsWithMdns");
  return puppeteer.launch({
    browser: "chrome", executablePath: "/usr/bin/chromium", headless: true, args, protocolTimeout: PATIENCE, timeout: PATIENCE,
  });
}

async function launchFirefox({ microphone, isPlain, isQuiet, folder }) {
  const home = join(folder, "home");
  mkdirSync(home);
  // A sink's monitor would be a microphone.
  const sink = microphone === "missing" ? noSoundServer(folder) : await startNullSink(folder, { hasMicrophone: isPlain });
  const preferences = {
    "media.autoplay.default": isQuiet ? 1 : 0,
    // Speaking into its own fake microphone does not make Firefox show a page its addresses; into hardware does.
    "media.navigator.streams.fake": microphone !== "missing" && !isPlain,
    "media.navigator.audio.fake_frequency": MICROPHONE_TONE,
  };
  // Granted beforehand, or (as after a person's click) for the one request only. Who may listen may also be heard: a
  // quiet page has nothing granted beforehand.
  // Who has granted nothing shows no address either, which the gateway could not do without.
  if (isQuiet) preferences["media.peerconnection.ice.obfuscate_host_addresses"] = false;
  if (isPlain || isQuiet) preferences["media.navigator.permission.disabled"] = true;
  else preferences["permissions.default.microphone"] = microphone === "refused" ? 2 : 1;
  try {
    const browser = await puppeteer.launch({
      browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true, extraPrefsFirefox: preferences,
      // As root it does not start in a home that belongs to somebody else.
      env: { ...process.env, ...sink.environment, HOME: home }, protocolTimeout: PATIENCE, timeout: PATIENCE,
    });
    const close = browser.close.bind(browser);
    browser.close = async () => {
      await close();
      await sink.stop();
    };
    return browser;
  } catch (error) {
    await sink.stop();
    throw error;
  }
}
