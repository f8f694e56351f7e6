import type { Call, Client, Device, ListenOptions, OffhookError } from "./index.js";

/**
 * Looks after the sound of a client's calls: devices, levels, interruptions, the screen. It watches the client from
 * here on, until it is disposed of or the client is over; then nothing of it is left. It opens no microphone.
 *
 * Throws an `OffhookError` (`misuse`) if an option is wrong or the client was closed.
 */
export declare function createAudioSession(client: Client, options?: AudioSessionOptions): AudioSession;

/** What is looked after. */
export interface AudioSessionOptions {
  /**
   * Where the person's choice of devices is kept, such as `localStorage`, under one key; it is taken up again at once.
   * Default: `false`, nowhere.
   */
  remember?: Pick<Storage, "getItem" | "setItem"> | false;
  /** Put calls on hold while the system has the microphone or the sound. Default: `true`. */
  interruptions?: boolean;
  /** Take them off hold again when it is over. `false` leaves that to the page, by `resume()`. Default: `true`. */
  autoResume?: boolean;
  /** Keep the screen awake while a call is up, where the browser can. Default: `true`. */
  wakeLock?: boolean;
  /** How long a microphone that is open and not muted may be exactly silent, from 1 to 600. Default: `5`. */
  silenceSeconds?: number;
}

/** The devices as they are at one moment. It never changes: when something does, there is another one. */
export interface AudioDevices {
  /** Microphones; before the permission is granted, browsers hide the names. */
  readonly microphones: readonly Device[];
  /** Loudspeakers; empty where the browser does not tell. */
  readonly speakers: readonly Device[];
  /** The microphone that is used; `undefined` is the system's. */
  readonly microphoneId: string | undefined;
  /** The loudspeaker of the calls; `undefined` is the system's. */
  readonly speakerId: string | undefined;
  /** The loudspeaker for what rings, which the page plays through it; `undefined` is the system's. */
  readonly ringId: string | undefined;
  /** Whether the person has allowed the microphone; `"prompt"` where the browser does not tell. */
  readonly permission: PermissionState;
}

/** How loud something is. Nothing is 0, and -100 dB. */
export interface Level {
  /** Root mean square, from 0 to 1. */
  readonly rms: number;
  /** The largest sample, from 0 to 1. */
  readonly peak: number;
  /** The same in dBFS, from -100 to 0. */
  readonly rmsDb: number;
  /** The same in dBFS, from -100 to 0. */
  readonly peakDb: number;
}

/** How loud a call is. */
export interface CallLevels {
  /** What is said: nothing while it is muted. */
  readonly local: Level;
  /** What is heard. */
  readonly remote: Level;
}

/**
 * What the system did.
 *
 * - `muted`: it mutes the microphone, as for a cellular call
 * - `ended`: it took the microphone away
 * - `context`: it stopped the page's sound
 */
export type InterruptionCause = "muted" | "ended" | "context";

/** What a microphone was found to be. */
export interface MicrophoneTest {
  /** Its name. */
  readonly label: string;
  /** The loudest that it was. */
  readonly loudest: Level;
  /** Whether it said exactly nothing, as with its switch off. */
  readonly isSilent: boolean;
}

/** What an audio session tells, by event name. */
export interface AudioSessionEvents {
  /** A device came or went, another one is used, or the permission changed. */
  changed: { readonly devices: AudioDevices };
  /** The person speaks, and is muted in every call that is active: once for each time that they begin, and seldom. */
  speakingWhileMuted: { readonly calls: readonly Call[] };
  /** The microphone is open and not muted, and says exactly nothing (its switch may be off); or it is heard again. */
  silentMicrophone: { readonly silent: boolean };
  /** The system has had the microphone or the sound for half a second: these calls are being put on hold. */
  interrupted: { readonly calls: readonly Call[]; readonly why: InterruptionCause };
  /** Without `autoResume`: the system has given it back, and `resume()` takes these calls off hold. */
  resumable: { readonly calls: readonly Call[]; readonly why: InterruptionCause };
  /** The interruption is over; these calls were taken off hold. None where the person did so, or they have ended. */
  resumed: { readonly calls: readonly Call[]; readonly why: InterruptionCause };
  /** There is sound again. */
  activated: { readonly why: "disabled" | "interrupted" };
  /** There is no sound: by `setAudioEnabled(false)`, or the calls are on hold for an interruption. */
  deactivated: { readonly why: "disabled" | "interrupted" };
  /** Something failed that no promise was waiting for: a hold was refused, a device that came back cannot be opened. */
  error: { readonly error: OffhookError };
}

/** The sound of one client's calls. */
export interface AudioSession {
  /** Settles when the devices have been looked at once, and those remembered are used. It never rejects. */
  readonly ready: Promise<void>;
  /** The devices. The same object until something changes. */
  readonly devices: AudioDevices;
  /** What `setAudioEnabled()` said last. */
  readonly audioEnabled: boolean;
  /** Whether there is sound: it is enabled, and no interruption has it. */
  readonly active: boolean;
  /** The interruption under way, with the calls that are on hold for it. */
  readonly interruption: { readonly calls: readonly Call[]; readonly why: InterruptionCause } | undefined;
  /** What `silentMicrophone` told last. */
  readonly microphoneSilent: boolean;
  /** Whether the browser keeps the screen awake for a call. */
  readonly screenAwake: boolean;
  /**
   * Speaks through another microphone, as `client.devices.setMicrophone()`, and takes it for the person's choice: when
   * it vanishes, the newest of the last five that is there is used, or the system's; when it is back, so is the choice.
   */
  setMicrophone(deviceId: string | undefined): Promise<void>;
  /** Plays through another loudspeaker, as `client.devices.setSpeaker()`; else as `setMicrophone()`. */
  setSpeaker(deviceId: string | undefined): Promise<void>;
  /** Chooses the loudspeaker for what rings, which `devices.ringId` then says. */
  setRing(deviceId: string | undefined): Promise<void>;
  /**
   * Silences all calls in both directions, or lets them be heard as before. Nothing is held, muted or closed by it, and
   * what was held or muted stays so.
   */
  setAudioEnabled(enabled: boolean): void;
  /**
   * Ends an interruption: the microphone is opened anew where it has to be, and the calls that were put on hold for it
   * are taken off. Rejects where the microphone cannot be had. Best called from a click.
   */
  resume(): Promise<void>;
  /**
   * Begins anew: audio is enabled, an interruption is forgotten (its calls stay on hold), the microphone and what
   * measures are opened anew, and the devices are looked at. No call is ended.
   */
  reset(): Promise<void>;
  /**
   * Tells how loud a call is, up to 20 times a second (`hz`, default 20), until the call ends or the returned function
   * is called. Throws if the call has ended.
   */
  levels(call: Call, listener: (levels: CallLevels) => void, options?: { hz?: number }): () => void;
  /**
   * Plays a tone of a second through a loudspeaker; default: the calls'. Resolves with whether it was played to its
   * end: the browser may not allow it before a click.
   */
  testTone(deviceId?: string): Promise<boolean>;
  /**
   * Listens to a microphone for some `seconds` (default 3, at most 30), and closes it; default: the calls'. `onLevel`
   * is told how loud it is. Rejects with an `OffhookError` (`media`) if it cannot be opened.
   */
  testMicrophone(options?: {
    deviceId?: string;
    seconds?: number;
    onLevel?: (level: Level) => void;
    signal?: AbortSignal;
  }): Promise<MicrophoneTest>;
  /** Listens; the returned function stops it. A listener that throws is reported through `reportError`. */
  on<K extends keyof AudioSessionEvents>(
    event: K,
    listener: (event: AudioSessionEvents[K]) => void,
    options?: ListenOptions,
  ): () => void;
  /** Lets go of everything. The calls stay as they are, and are heard. */
  [Symbol.dispose](): void;
}
