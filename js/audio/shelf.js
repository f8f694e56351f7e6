/** @typedef {import("../index.js").Device} Device */

/** How many devices are remembered of each kind: a desk, a home, a car. */
const MOST = 5;

/** Which device of one kind the person wants, and which ones they wanted before. */
export class Shelf {
  /** `undefined` is the system's. @type {Device | undefined} */
  chosen;
  /** Newest first. @type {Device[]} */
  past = [];

  /** @param {Device | undefined} device */
  choose(device) {
    this.chosen = device;
    if (device) this.past = [device, ...this.past.filter((one) => !isSame(one, device))].slice(0, MOST);
  }

  /**
   * Which one of those that are there is to be used: the chosen one, or the newest of those before it, or the system's.
   *
   * @param {readonly Device[]} present
   */
  pick(present) {
    if (!this.chosen) return undefined;
    for (const device of [this.chosen, ...this.past]) {
      const found = find(device, present);
      if (found) return found;
    }
    return undefined;
  }

  toJSON() {
    return { chosen: this.chosen, past: this.past };
  }

  /**
   * What `toJSON()` gave; whatever else it is, is no device.
   *
   * @param {any} value
   * @returns {boolean} whether a device was chosen
   */
  restore(value) {
    const past = Array.isArray(value?.past) ? value.past : [];
    this.past = past.flatMap((/** @type {unknown} */ one) => readDevice(one) ?? []).slice(0, MOST);
    this.chosen = readDevice(value?.chosen);
    return this.chosen !== undefined;
  }
}

/**
 * Ids change with the browser's data, and labels are the same for two of a make: either tells a device.
 *
 * @param {Device} device
 * @param {readonly Device[]} present
 */
function find({ deviceId, label }, present) {
  return present.find((one) => one.deviceId === deviceId) ?? present.find((one) => label !== "" && one.label === label);
}

/**
 * @param {Device} one
 * @param {Device} other
 */
function isSame(one, other) {
  return one.deviceId === other.deviceId || (one.label !== "" && one.label === other.label);
}

/**
 * @param {any} value
 * @returns {Device | undefined}
 */
function readDevice(value) {
  const { deviceId, label } = value ?? {};
  return typeof deviceId === "string" && typeof label === "string" ? { deviceId, label } : undefined;
}
