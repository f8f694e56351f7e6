// Sound without hardware: a tone for the microphone, and a sound server that plays into nothing.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./poll.mjs";

/** What the browsers' fake microphones say, in Hz. None of the gateway's own sounds has it. */
export const MICROPHONE_TONE = 1000;

const RATE = 48_000;

/** A mono 16-bit WAV of one second of a tone; a whole number of periods, so that it loops without a click. */
export function toneWav(hz) {
  const samples = new Int16Array(RATE).map((_, n) => 16_000 * Math.sin((2 * Math.PI * hz * n) / RATE));
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

/** A folder of scratch files that goes when the process does. */
export function scratchFolder() {
  const folder = mkdtempSync(join(tmpdir(), "offhook-"));
  folders.push(folder);
  return folder;
}

const folders = [];
process.once("exit", () => folders.forEach(remove));

function remove(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  } catch {
    // A process of a browser that is about to end still writes into its home: no test has failed by that.
  }
}

/** The path of a WAV with the microphone's tone. */
export function microphoneFile(folder) {
  const path = join(folder, "microphone.wav");
  writeFileSync(path, toneWav(MICROPHONE_TONE));
  return path;
}

/**
 * A PulseAudio of our own with a sink that plays into nothing: headless Firefox starts no AudioContext without a sound
 * server. `hasMicrophone` gives it a source that says the microphone's tone, which browsers take for hardware. Resolves
 * to the environment that leads a browser to it, and `stop`.
 */
export async function startNullSink(folder, { hasMicrophone = false } = {}) {
  const home = join(folder, "pulse");
  mkdirSync(home, { mode: 0o700 });
  const socket = join(home, "native");
  const child = spawn("pulseaudio", [
    "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disallow-exit",
    "--load=module-null-sink sink_name=nothing norewinds=1",
    ...(hasMicrophone ? [`--load=module-sine-source source_name=microphone frequency=${MICROPHONE_TONE}`] : []),
    `--load=module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
  ], { env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, XDG_CONFIG_HOME: home }, stdio: ["ignore", "pipe", "pipe"] });
  let words = "";
  for (const output of [child.stdout, child.stderr]) output.on("data", (piece) => { words += piece; });
  let failure;
  child.once("error", (error) => { failure = error; });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  try {
    await until("pulseaudio listens", async () => {
      if (failure) throw failure;
      return accepts(socket);
    });
  } catch (error) {
    kill();
    throw new Error(`no sound server: ${error.message}\n${words}`);
  }
  return {
    environment: { PULSE_SERVER: `unix:${socket}` },
    async stop() {
      kill();
      await ended;
      process.off("exit", kill);
    },
  };
}

/** No sound server at all: nor one that the system would start of itself. */
export function noSoundServer(folder) {
  return { environment: { PULSE_SERVER: `unix:${join(folder, "nobody")}` }, stop: async () => {} };
}

function accepts(path) {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once("connect", () => resolve(!socket.destroy().connecting));
    socket.once("error", () => resolve(false));
  });
}
