/** Watches, while there is a call, whether the loudspeaker that the person has chosen is there. */
export class Outputs {
  #client;
  #tell;
  /** @type {AbortController | undefined} */
  #watching;
  #isLost = false;

  /**
   * @param {import("../index.js").Client} client
   * @param {(isThere: boolean) => void} tell
   */
  constructor(client, tell) {
    this.#client = client;
    this.#tell = tell;
  }

  /** @param {boolean} isWanted */
  want(isWanted) {
    if (!isWanted) return this.close();
    if (this.#watching) return;
    const { signal } = this.#watching = new AbortController();
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.#look(), { signal });
  }

  close() {
    this.#watching?.abort();
    this.#watching = undefined;
    this.#isLost = false;
  }

  async #look() {
    const watching = this.#watching;
    const speakers = await this.#client.devices.speakers().catch(() => []);
    // Asked for afterwards: another one may have been chosen meanwhile. A browser that does not tell has none.
    const { speakerId } = this.#client.devices;
    if (watching !== this.#watching || speakers.length === 0) return;
    const isLost = speakerId !== undefined && !speakers.some(({ deviceId }) => deviceId === speakerId);
    if (isLost === this.#isLost) return;
    this.#isLost = isLost;
    this.#tell(!isLost);
  }
}
