// `npm run soak`: simulated lives, seed after seed, until one fails or somebody stops it.

import { attempt } from "./process.mjs";
import { cargoEnvironment } from "./tools.mjs";

/** A week: nobody waits for longer. */
const LIMIT = 7 * 24 * 60 * 60;

const test = ["test", "--package", "offhook-gateway", "--no-default-features", "--test", "pair", "lives", "--", "--nocapture"];
const { code } = await attempt("cargo", test, { env: { ...cargoEnvironment(), OFFHOOK_SOAK: "1" }, limit: LIMIT });
process.exitCode = code;
