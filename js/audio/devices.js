/** @typedef {import("../index.js").Client} Client */
/** @typedef {import("../index.js").Device} Device */
/** @typedef {import("../audio.js").AudioDevices} AudioDevices */
/** @typedef {"microphone" | "speaker" | "ring"} Kind */

import { permission } from "../media/microphone.js";
import { Shelf } from "./shelf.js";

const KEY = "offhook.devices";

/** @type {AudioDevices} */
export const NO_DEVICES = Object.freeze({
  microphones: Object.freeze([]), speakers: Object.freeze([]), microphoneId: undefined, speakerId: undefined,
  ringId: undefined, permission: "prompt",
});

/** The devices that are there, and those that are used: the person's choice, as far as it is plugged in. */
export class DeviceChoice {
  view = NO_DEVICES;
  #client;
  #storage;
  #changed;
  #used;
  #fail;
  #shelves = { microphone: new Shelf(), speaker: new Shelf(), ring: new Shelf() };
  /** Changes wait for those before them. @type {Promise<unknown>} */
  #changes = Promise.resolve();
  #over;

  /**
   * @param {Client} client
   * @param {Pick<Storage, "getItem" | "setItem"> | undefined} storage where choices are remembered
   * @param {{ changed: () => void, used: () => void, fail: (error: unknown) => void, over: AbortSignal }} tell
   */
  constructor(client, storage, { changed, used, fail, over }) {
    this.#client = client;
    this.#storage = storage;
    this.#changed = changed;
    this.#used = used;
    this.#fail = fail;
    this.#over = over;
  }

  /** Uses what was chosen, and goes on to. Never fails. */
  start() {
    this.#recall();
    void this.#watchPermission();
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.refresh(), { signal: this.#over });
    return this.refresh();
  }

  /** Looks what is there, and uses what should be used. Never fails. */
  refresh() {
    return this.#inTurn(() => this.#refresh());
  }

  /**
   * The microphone is another one. What the entry has taken instead of one that ended is not changed back at once: that
   * might end again. But where nothing was known before, there is a choice now.
   */
  look() {
    return this.#inTurn(() => (this.#present("microphone").length > 0 ? this.#list() : this.#refresh()));
  }

  /**
   * @param {Kind} kind
   * @param {string | undefined} deviceId
   */
  choose(kind, deviceId) {
    return this.#inTurn(async () => {
      await this.#list();
      const present = this.#present(kind);
      await this.#set(kind, deviceId);
      const device = deviceId === undefined ? undefined : { deviceId, label: "" };
      this.#shelves[kind].choose(device && (present.find((one) => one.deviceId === deviceId) ?? device));
      this.#remember();
      await this.#list();
    });
  }

  /**
   * Opens the microphone anew, and the system's where its own cannot be had. Waits for no list: browsers give a page that
   * is hidden none.
   */
  async reacquire() {
    const { devices } = this.#client;
    try {
      await devices.setMicrophone(devices.microphoneId);
    } catch (error) {
      if (devices.microphoneId === undefined) throw error;
      await devices.setMicrophone(undefined);
    }
    this.#used();
  }

  /**
   * @template T
   * @param {() => Promise<T>} change
   * @returns {Promise<T>}
   */
  #inTurn(change) {
    const done = this.#changes.then(change);
    this.#changes = done.catch(() => {});
    return done;
  }

  async #refresh() {
    await this.#list();
    await this.#use("microphone").catch(this.#fail);
    await this.#use("speaker").catch(this.#fail);
    await this.#list();
  }

  /** @param {Kind} kind */
  #present(kind) {
    const { microphones, speakers } = this.view;
    return (kind === "microphone" ? microphones : speakers).filter(({ deviceId }) => deviceId !== "");
  }

  /** @param {Exclude<Kind, "ring">} kind */
  async #use(kind) {
    if (this.#over.aborted) return;
    const shelf = this.#shelves[kind];
    const present = this.#present(kind);
    // Before the permission is granted browsers hide the ids, and then nothing is known.
    if (present.length === 0) return;
    const used = kind === "microphone" ? this.#client.devices.microphoneId : this.#client.devices.speakerId;
    const wanted = shelf.pick(present)?.deviceId;
    if (wanted !== used) await this.#set(kind, wanted);
  }

  /**
   * @param {Kind} kind
   * @param {string | undefined} deviceId
   */
  async #set(kind, deviceId) {
    if (kind === "microphone") await this.#client.devices.setMicrophone(deviceId);
    else if (kind === "speaker") await this.#client.devices.setSpeaker(deviceId);
    this.#used();
  }

  async #list() {
    if (this.#over.aborted) return;
    const { devices } = this.#client;
    const lists = [devices.microphones(), devices.speakers(), devices.permission()];
    const [microphones, speakers, state] = await Promise.all(lists.map((list) => list.catch(() => undefined)));
    if (this.#over.aborted) return;
    this.#show(/** @type {AudioDevices} */ ({
      microphones: microphones ?? [], speakers: speakers ?? [], permission: state ?? "prompt",
    }));
  }

  /** @param {Pick<AudioDevices, "microphones" | "speakers" | "permission">} found */
  #show({ microphones, speakers, permission: state }) {
    const { microphoneId, speakerId } = this.#client.devices;
    const ring = this.#shelves.ring.pick(speakers.filter(({ deviceId }) => deviceId !== ""));
    const view = { microphones, speakers, microphoneId, speakerId, ringId: ring?.deviceId, permission: state };
    if (JSON.stringify(view) === JSON.stringify(this.view)) return;
    this.view = Object.freeze(view);
    this.#changed();
  }

  /** What was chosen the last time goes before what `connect()` was given: that is the page's, this the person's. */
  #recall() {
    const { microphoneId, speakerId } = this.#client.devices;
    const given = { microphone: microphoneId, speaker: speakerId, ring: undefined };
    const remembered = this.#read();
    for (const kind of /** @type {Kind[]} */ (Object.keys(this.#shelves))) {
      const deviceId = given[kind];
      if (this.#shelves[kind].restore(remembered[kind]) || deviceId === undefined) continue;
      this.#shelves[kind].choose({ deviceId, label: "" });
    }
  }

  /** @returns {Partial<Record<Kind, unknown>>} */
  #read() {
    try {
      const text = this.#storage?.getItem(KEY);
      return (text ? JSON.parse(text) : undefined) ?? {};
    } catch {
      // The browser allows no storage, or somebody else wrote there.
      return {};
    }
  }

  #remember() {
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.#shelves));
    } catch {
      // It is full, or not allowed: the choice holds for this visit.
    }
  }

  async #watchPermission() {
    const status = await permission();
    if (this.#over.aborted) return;
    status?.addEventListener("change", () => void this.refresh(), { signal: this.#over });
  }
}
