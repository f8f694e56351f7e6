// node packets.mjs IN.opus OUT.packets FIRST COUNT
// Takes Opus packets out of an Ogg file and writes each with its length, two bytes big-endian, before it.
import { readFileSync, writeFileSync } from "node:fs";
import { packetsOf } from "./ogg.mjs";

const [input, output, first, count] = process.argv.slice(2);
const packets = packetsOf(readFileSync(input));
const cut = packets.slice(Number(first), Number(first) + Number(count));
if (cut.length !== Number(count)) throw new Error(`${input}: ${packets.length} packets, too few`);
writeFileSync(output, Buffer.concat(cut.flatMap((p) => [Buffer.of(p.length >> 8, p.length & 255), p])));
