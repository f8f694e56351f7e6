import type { Call, Client, ListenOptions, OffhookError } from "./index.js";

/**
 * Lets a client's calls be heard before and after anybody speaks: the ringing of both sides, busy and its kin, and the
 * keys. It watches the client from here on, until it is disposed of; every option is checked before anything sounds.
 *
 * Throws an `OffhookError` (`misuse`) if an option is wrong or the client was closed.
 */
export declare function createTones(client: Client, options?: TonesOptions): Tones;

/** Every region there is, for a page that lets the person choose. */
export declare const TONE_REGIONS: readonly ToneRegion[];

/**
 * What sounds.
 *
 * - `ringtone`: somebody calls
 * - `ringback`: it rings at the other side, which lets nothing be heard yet
 * - `callWaiting`: somebody calls while another call is up: a beep now and then
 * - `busy`: the other side is busy
 * - `congestion`: the call failed otherwise, or its connection did (North America: reorder)
 * - `unobtainable`: there is no such number
 * - `ended`: the other side hung up: three short beeps
 */
export type ToneName = "ringtone" | "ringback" | "callWaiting" | "busy" | "congestion" | "unobtainable" | "ended";

/** Where it sounds: `ring` is what has to be heard across a room (the ringtone), `call` is at the ear (the others). */
export type ToneOutput = "ring" | "call";

/**
 * Whose telephones it sounds like: North America, the United Kingdom, what E.180 recommends (`eu`, most of Europe and
 * of Latin America), Germany, France, Italy, Spain, the Netherlands, Australia, Japan, India, Brazil, China.
 */
export type ToneRegion =
  | "us" | "uk" | "eu" | "de" | "fr" | "it" | "es" | "nl" | "au" | "jp" | "in" | "br" | "cn";

/**
 * A sound of the application's own: an address, a file, a decoded sound, or `false` for silence. It is played from its
 * beginning, again and again, for as long as the tone would sound.
 */
export type ToneSource = string | URL | Blob | AudioBuffer | false;

/** How tones sound. The application keeps what the person chose, and gives it here the next time. */
export interface TonesOptions {
  /**
   * Whose tones. Default: those of the country in `navigator.language`, or of the country where most speak it; `"eu"`
   * where it has none of its own here.
   */
  region?: ToneRegion;
  /**
   * Sounds of the application's own, by tone. Loaded at once; until one is there, and where it cannot be loaded or
   * decoded (`error`), the region's tone sounds in its place.
   */
  sounds?: Partial<Record<ToneName, ToneSource>>;
  /**
   * When ringback begins: as the gateway says that it rings, or as soon as the INVITE went out. Default: `"auto"`,
   * which is `"ringing"` for Telnyx; FreeSWITCH never says that it rings, so there it begins once a call has been
   * `connecting` for a second.
   */
  ringbackFrom?: "auto" | "ringing" | "connecting";
  /** `deviceId` of the loudspeakers. Default: the system's for `ring`, the client's own (`speakerId`) for `call`. */
  devices?: Partial<Record<ToneOutput, string>>;
  /** How loud, from 0 to 1. Default: 1, which for `call` is about as loud as speech. */
  volume?: Partial<Record<ToneOutput, number>>;
  /** How long the tone of a call that failed sounds, from 0 to 30. Default: `4`. */
  endSeconds?: number;
  /** Sound the digits of `call.dtmf()` here as they are sent there. Default: `true`. */
  dtmf?: boolean;
  /** Shake a telephone with the ringtone, where the browser can. Default: `false`. */
  vibrate?: boolean;
}

/** One tone that sounds. */
export interface SoundingTone {
  /** Which. */
  readonly tone: ToneName;
  /** Where. */
  readonly output: ToneOutput;
  /** For which call; none where it is a preview. */
  readonly call: Call | undefined;
}

/** What tones tell, by event name. */
export interface TonesEvents {
  /** Other tones sound than before: also for who cannot hear them. */
  sounding: { readonly tones: readonly SoundingTone[] };
  /**
   * The browser lets nothing be heard before the person has touched the page. It begins by itself at the next click or
   * key; a button may call `resume()`, too.
   */
  blocked: { readonly tones: readonly SoundingTone[] };
  /** It is heard, or there is nothing to be heard any more. Comes once after each `blocked`. */
  unblocked: {};
  /** A sound could not be loaded or decoded, or a loudspeaker is gone: another one is heard in its place. */
  error: { readonly error: OffhookError };
}

/** A client's tones. Made by `createTones()`. */
export interface Tones extends Disposable {
  /** What sounds. */
  readonly sounding: readonly SoundingTone[];
  /** Whether something should sound, and the browser lets it not be heard. */
  readonly blocked: boolean;
  /** Whose tones. */
  readonly region: ToneRegion;
  /** Takes another region's tones, also for what sounds. */
  setRegion(region: ToneRegion): void;
  /** How loud an output is, from 0 to 1. */
  volume(output: ToneOutput): number;
  /** Sets how loud an output is, from 0 to 1, also for what sounds. */
  setVolume(output: ToneOutput, volume: number): void;
  /**
   * Takes another loudspeaker for an output, also for what sounds; `undefined` is the default. Rejects (`misuse`) where
   * there is no such one or the browser does not let pages choose, and leaves the old one.
   */
  setOutput(output: ToneOutput, deviceId: string | undefined): Promise<void>;
  /**
   * Takes a sound of the application's own for a tone, from its next beginning on; `undefined` is the region's. Rejects
   * where it cannot be loaded (`lost`, 60407) or decoded (`misuse`), and leaves the old one.
   */
  setSound(tone: ToneName, source: ToneSource | undefined): Promise<void>;
  /**
   * Sounds a key of the keypad (`0-9`, `A-D`, `*`, `#`), here only: for a number that is dialled. What `call.dtmf()` sends
   * sounds by itself.
   */
  key(digit: string): void;
  /** Lets a tone be heard for up to four seconds, for a page of settings. A call's tones end it. */
  preview(tone: ToneName): void;
  /**
   * Lets be heard what was blocked. Called from a click or a key, it succeeds. Resolves within a second and a half to
   * whether nothing is blocked any more.
   */
  resume(): Promise<boolean>;
  /** Listens; the returned function stops it. A listener that throws is reported through `reportError`. */
  on<K extends keyof TonesEvents>(
    event: K, listener: (event: TonesEvents[K]) => void, options?: ListenOptions,
  ): () => void;
  /** Silent at once and for good: nothing of it is left. */
  [Symbol.dispose](): void;
}
