// Debian's Chromium and Firefox, driven by puppeteer, with the microphone that a test calls for.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { MICROPHONE_TONE, microphoneFile, noSoundServer, scratchFolder, startNullSink } from "./sound.mjs";

/** Which browser this run is about. */
export const BROWSER = process.env.OFFHOOK_BROWSER ?? "chromium";

const LAUNCH = { chromium: launchChromium, firefox: launchFirefox };

/** How long a browser may take to start, to answer one order, or to load a page, in milliseconds. */
export const PATIENCE = 60_000;

/**
 * Starts a browser.
 *
 * `microphone` is `"granted"`, `"refused"` or `"missing"`. `isPlain` leaves out what reveals local addresses or grants
 * the permission beforehand, so that it behaves as at a person's desk, who then allows the microphone. `isQuiet` lets a
 * page play nothing before it was touched. What is saved goes to the folder `downloads`, if there is one. `isTrusting`
 * takes any certificate (Chromium only). `isNetworkWatched` lets a test see, change and cut what a page loads: opening
 * one costs up to twice the time then.
 */
export async function launchBrowser({
  microphone = "granted", isPlain = false, isQuiet = false, isTrusting = false, isNetworkWatched = false, downloads,
} = {}) {
  const launch = LAUNCH[BROWSER];
  if (!launch) throw new Error(`OFFHOOK_BROWSER is ${BROWSER}; it may be ${Object.keys(LAUNCH).join(" or ")}`);
  return launch({ microphone, isPlain, isQuiet, isTrusting, isNetworkWatched, downloads, folder: scratchFolder() });
}

async function launchChromium({ microphone, isPlain, isQuiet, isTrusting, isNetworkWatched, downloads, folder }) {
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
  if (isTrusting) args.push("--ignore-certificate-errors");
  const downloadBehavior = downloads && { policy: "allow", downloadPath: downloads };
  return puppeteer.launch({
    browser: "chrome", executablePath: "/usr/bin/chromium", headless: true, args, protocolTimeout: PATIENCE, timeout: PATIENCE,
    downloadBehavior, networkEnabled: isNetworkWatched,
  });
}

async function launchFirefox({ microphone, isPlain, isQuiet, isNetworkWatched, downloads, folder }) {
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
  if (downloads) Object.assign(preferences, { "browser.download.folderList": 2, "browser.download.dir": downloads });
  if (isPlain || isQuiet) preferences["media.navigator.permission.disabled"] = true;
  else preferences["permissions.default.microphone"] = microphone === "refused" ? 2 : 1;
  try {
    const browser = await puppeteer.launch({
      browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true, extraPrefsFirefox: preferences,
      // As root it does not start in a home that belongs to somebody else.
      env: { ...process.env, ...sink.environment, HOME: home }, protocolTimeout: PATIENCE, timeout: PATIENCE,
      networkEnabled: isNetworkWatched,
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
