import { part } from "./dom.js";
import { saveFile } from "./save.js";
import { store } from "./store.js";

/** @typedef {typeof import("../../js/trace.js")} Recorder */

const RECORDER = new URL("../pkg/trace.js", import.meta.url).href;

/** Whether a sign-in is to be recorded. */
export function isRecorded() {
  return store.get("record") === "on";
}

/** The entry that records, in place of the plain one. @returns {Promise<Recorder>} */
export function recorder() {
  return import(RECORDER);
}

/** The switch that has sign-ins recorded, and what can be done with what was recorded. */
export class Recording {
  #switch = part(document, "record", HTMLInputElement);
  #row = part(document, "recording", HTMLElement);

  constructor() {
    this.#switch.checked = isRecorded();
    this.#switch.addEventListener("change", () => store.set("record", this.#switch.checked ? "on" : "off"));
    part(document, "save-recording", HTMLButtonElement).addEventListener("click", () => this.#save());
    part(document, "view-recording", HTMLButtonElement).addEventListener("click", () => this.#view());
  }

  /** Somebody has signed in: there is something to be had where it is recorded. */
  show() {
    this.#row.hidden = !isRecorded();
  }

  async #save() {
    const packed = new Blob([await newest()]).stream().pipeThrough(new CompressionStream("gzip"));
    saveFile(await new Response(packed).blob(), `${name()}.offhook.json.gz`);
  }

  /** Opens the viewer, and hands it the recording as soon as it asks. */
  #view() {
    const viewer = open("trace.html");
    if (!viewer) return;
    const handed = new AbortController();
    addEventListener("message", async ({ source, origin, data }) => {
      if (source !== viewer || origin !== location.origin || data !== "ready for a trace") return;
      handed.abort();
      viewer.postMessage({ trace: await newest(), name: name() }, location.origin);
    }, { signal: handed.signal });
  }
}

async function newest() {
  const { traces } = await recorder();
  return traces().at(-1) ?? "";
}

/** After the moment. */
function name() {
  return new Date().toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "");
}
