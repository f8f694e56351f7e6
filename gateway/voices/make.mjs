#!/usr/bin/env node
// Makes the voices of the gateway's agents out of the sentences in voices.json: NAME.opus (Ogg Opus, packets of 20 ms)
// and NAME.ulaw (G.711 µ-law, 8 kHz), equally long.
// Needed only to change them. Debian: apt install espeak-ng opus-tools sox nodejs
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packetsOf } from "../sounds/ogg.mjs";

/** Bytes of µ-law in 20 ms. */
const ULAW_PACKET = 160;

/** The µ-law code of silence. */
const SILENCE = 0xff;

const folder = fileURLToPath(new URL(".", import.meta.url));
const voices = JSON.parse(readFileSync(join(folder, "voices.json"), "utf8"));
const work = mkdtempSync(join(tmpdir(), "voices-"));
try {
  for (const [name, text] of Object.entries(voices)) make(name, text);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function make(name, text) {
  const [spoken, clean, opus, ulaw] = ["spoken.wav", "clean.wav", `${name}.opus`, `${name}.ulaw`].map((file, index) =>
    join(index < 2 ? work : folder, file));
  execFileSync("espeak-ng", ["-v", "en-us", "-s", "165", "-w", spoken, text]);
  // What espeak-ng leaves silent at both ends would only be heard as slowness.
  const ends = ["silence", "1", "0.01", "0.5%", "reverse", "silence", "1", "0.01", "0.5%", "reverse"];
  const shape = ["gain", "-n", "-6", "pad", "0.04", "0.1"];
  execFileSync("sox", ["-D", spoken, "-r", "48000", "-c", "1", "-b", "16", clean, ...ends, ...shape]);
  execFileSync("opusenc", [
    "--quiet", "--speech", "--bitrate", "16", "--framesize", "20", "--comp", "10", "--discard-comments",
    "--serial", "1", clean, opus,
  ]);
  execFileSync("sox", ["-D", clean, "-r", "8000", "-e", "mu-law", "-b", "8", "-t", "raw", ulaw]);
  const length = packetsOf(readFileSync(opus)).length * ULAW_PACKET;
  const codes = readFileSync(ulaw);
  if (codes.length > length) truncateSync(ulaw, length);
  else writeFileSync(ulaw, Buffer.concat([codes, Buffer.alloc(length - codes.length, SILENCE)]));
}
