// The tones as an application uses them; what must not compile says so, for the one reason that stands over it.

import { connect } from "offhook";
import type { Call, Client, ConnectOptions, OffhookError } from "offhook";
import { createTones, TONE_REGIONS } from "offhook/tones";
import type {
  SoundingTone, ToneName, ToneOutput, ToneRegion, Tones, TonesEvents, TonesOptions, ToneSource,
} from "offhook/tones";

declare const given: ConnectOptions;
declare const file: File;
declare const decoded: AudioBuffer;

export async function useTones(): Promise<void> {
  const client: Client = await connect(given);
  createTones(client)[Symbol.dispose]();
  const sounds: Partial<Record<ToneName, ToneSource>> = {
    ringtone: "/ring.mp3", ringback: new URL("https://pbx.example/ring.mp3"), busy: file, congestion: decoded,
    ended: false,
  };
  const options: TonesOptions = {
    region: "uk", sounds, ringbackFrom: "connecting", devices: { ring: "id" }, volume: { call: 0.5 }, endSeconds: 2,
    dtmf: false, vibrate: true,
  };
  const tones: Tones = createTones(client, options);
  const regions: readonly ToneRegion[] = TONE_REGIONS;
  const outputs: ToneOutput[] = ["ring", "call"];
  for (const region of regions) tones.setRegion(region);
  for (const output of outputs) tones.setVolume(output, tones.volume(output));
  await tones.setOutput("ring", undefined);
  await tones.setSound("ringtone", undefined);
  const isHeard: boolean = await tones.resume();
  const end: () => void = tones.on("sounding", ({ tones: now }) => {
    const names: ToneName[] = now.map(({ tone }: SoundingTone) => tone);
    const call: Call | undefined = now[0]?.call;
    console.log(names, call?.id, isHeard, tones.blocked, tones.region, tones.sounding.length);
  }, { once: true });
  end();
  tones.on("error", ({ error }: TonesEvents["error"]) => {
    const { code, kind }: OffhookError = error;
    console.log(code, kind);
  });
  tones.on("blocked", ({ tones: now }) => console.log(now.length));
  tones.on("unblocked", () => {});
  tones.key("5");
  tones.preview("busy");
}

declare const client: Client;
const tones = createTones(client);

// Tones of nobody's calls.
// @ts-expect-error
createTones();
// A region that does not exist.
// @ts-expect-error
createTones(client, { region: "mars" });
// A tone that does not exist.
// @ts-expect-error
createTones(client, { sounds: { dialtone: "/dial.mp3" } });
// A sound is there or not.
// @ts-expect-error
createTones(client, { sounds: { ringtone: true } });
// A misspelt option.
// @ts-expect-error
createTones(client, { volumes: { ring: 1 } });
// An output that does not exist.
// @ts-expect-error
tones.setVolume("ear", 1);
// Which output?
// @ts-expect-error
tones.volume();
// Nobody else says what sounds.
// @ts-expect-error
tones.sounding = [];
// Not to be pushed into either.
// @ts-expect-error
tones.sounding.push({ tone: "busy", output: "call", call: undefined });
// It is set by a method, which checks it.
// @ts-expect-error
tones.region = "uk";
// An event that does not exist.
// @ts-expect-error
tones.on("ring", () => {});
// A preview has no call.
// @ts-expect-error
tones.sounding[0]?.call.id;
// Keys are text.
// @ts-expect-error
tones.key(5);
