/** One sample or log entry, written: `text` is JSON. @typedef {{ number: number, text: string, bytes: number }} Item */

/** In bytes: what the server takes is two million, and some of it is the frame around the items. */
export const LARGEST_BODY = 1_900_000;

/** In bytes: what a page that goes away may leave with the browser is 64 KiB, for all of its requests together. */
const LARGEST_FAREWELL = 61_440;

const encoder = new TextEncoder();

/** The requests that outlive the page. */
export class Farewells {
  /** How many bytes more the browser takes. */
  left = LARGEST_FAREWELL;

  /**
   * Counts a body for as long as it is under way.
   *
   * @template T
   * @param {string} body
   * @param {() => Promise<T>} send
   */
  async carry(body, send) {
    const bytes = bytesOf(body);
    const sending = send();
    // Not before: a script that the browser stops in between has sent nothing.
    this.left -= bytes;
    try {
      return await sending;
    } finally {
      this.left += bytes;
    }
  }
}

/** @param {string} text */
export function bytesOf(text) {
  return encoder.encode(text).length;
}

/**
 * Samples and log entries in parcels of which each is small enough: log entries in the first ones.
 *
 * @param {readonly Item[]} logs
 * @param {readonly Item[]} samples
 * @param {number} room how many bytes of items a parcel holds
 * @returns {{ logs: Item[], samples: Item[] }[]}
 */
export function pack(logs, samples, room) {
  /** @type {{ logs: Item[], samples: Item[] }[]} */
  const parcels = [];
  let left = 0;
  const put = (/** @type {"logs" | "samples"} */ kind, /** @type {Item} */ item) => {
    const { bytes } = item;
    // One that no request can hold is lost.
    if (bytes > room) return;
    if (bytes > left || parcels.length === 0) {
      parcels.push({ logs: [], samples: [] });
      left = room;
    }
    left -= bytes;
    parcels.at(-1)?.[kind].push(item);
  };
  for (const item of logs) put("logs", item);
  for (const item of samples) put("samples", item);
  return parcels;
}

/**
 * The newest that fit into one parcel: samples first, and of what is left log entries.
 *
 * @param {readonly Item[]} logs
 * @param {readonly Item[]} samples
 * @param {number} room
 */
export function newest(logs, samples, room) {
  let left = room;
  const fitting = (/** @type {readonly Item[]} */ items) => {
    let from = items.length;
    while (from > 0 && /** @type {Item} */ (items[from - 1]).bytes <= left) {
      from -= 1;
      left -= /** @type {Item} */ (items[from]).bytes;
    }
    return items.slice(from);
  };
  const kept = fitting(samples);
  return { logs: fitting(logs), samples: kept };
}
