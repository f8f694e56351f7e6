/** Recordings are at most 4 MB of text; what unpacks to much more is none. */
const LARGEST = 64 << 20;

/** A file that is no recording. */
export class NoRecording extends Error {}

/**
 * The text of a recording, packed or not.
 *
 * @param {Blob} file
 */
export async function textOf(file) {
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isPacked = head[0] === 0x1f && head[1] === 0x8b;
  if (!isPacked) {
    if (file.size > LARGEST) throw new NoRecording("It is larger than any recording.");
    return file.text();
  }
  try {
    return await unpacked(file);
  } catch (error) {
    if (error instanceof NoRecording) throw error;
    throw new NoRecording("It is packed, and cannot be unpacked: it may have been cut short.");
  }
}

/** @param {Blob} file */
async function unpacked(file) {
  const decoder = new TextDecoder();
  let text = "";
  const reader = file.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > LARGEST) {
      await reader.cancel();
      throw new NoRecording("It is larger than any recording.");
    }
  }
}

/**
 * Takes files that are chosen, dropped anywhere on the page, or pasted as text.
 *
 * @param {(file: Blob, name: string) => void} take
 */
export function listenForFiles(take) {
  for (const input of document.querySelectorAll("input[type=file]")) {
    if (!(input instanceof HTMLInputElement)) continue;
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      // The same file again is another choice.
      input.value = "";
      if (file) take(file, file.name);
    });
  }
  addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.dataset.dragging = "true";
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) delete document.body.dataset.dragging;
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    delete document.body.dataset.dragging;
    const file = event.dataTransfer?.files[0];
    if (file) take(file, file.name);
  });
  addEventListener("paste", (event) => {
    const isField = event.target instanceof HTMLInputElement;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!isField && text.startsWith("{")) take(new Blob([text]), "pasted");
  });
}

/**
 * Takes what the softphone that opened this page has recorded.
 *
 * @param {(file: Blob, name: string) => void} take
 */
export function listenToOpener(take) {
  if (!opener) return;
  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== location.origin || source !== opener || typeof data?.trace !== "string") return;
    take(new Blob([data.trace]), String(data.name));
  });
  opener.postMessage("ready for a trace", location.origin);
}
