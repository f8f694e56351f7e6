// The audio session as an application uses it; what must not compile says so, for the one reason that stands over it.

import { connect } from "offhook";
import type { Call, ConnectOptions, OffhookError } from "offhook";
import { createAudioSession } from "offhook/audio";
import type {
  AudioDevices, AudioSession, AudioSessionEvents, AudioSessionOptions, CallLevels, InterruptionCause, Level,
  MicrophoneTest,
} from "offhook/audio";

declare const given: ConnectOptions;

export async function useAudio(): Promise<void> {
  const client = await connect(given);
  createAudioSession(client)[Symbol.dispose]();
  const options: AudioSessionOptions = {
    remember: localStorage, interruptions: true, autoResume: false, wakeLock: false, silenceSeconds: 3,
  };
  const audio: AudioSession = createAudioSession(client, options);
  await audio.ready;
  const { microphones, microphoneId, permission }: AudioDevices = audio.devices;
  await audio.setMicrophone(microphones[0]?.deviceId);
  await audio.setSpeaker(undefined);
  await audio.setRing(microphoneId);
  audio.setAudioEnabled(!audio.audioEnabled);
  await audio.resume();
  await audio.reset();
  const call: Call = client.newCall();
  const stop: () => void = audio.levels(call, ({ local, remote }: CallLevels) => console.log(local.rms, remote.peakDb));
  audio.levels(call, () => {}, { hz: 5 });
  stop();
  const isPlayed: boolean = await audio.testTone();
  const signal = AbortSignal.timeout(1_000);
  const onLevel = ({ rmsDb }: Level): void => console.log(rmsDb);
  const heard: MicrophoneTest = await audio.testMicrophone({ seconds: 2, signal, onLevel });
  const end: () => void = audio.on("interrupted", ({ calls, why }: AudioSessionEvents["interrupted"]) => {
    const cause: InterruptionCause = why;
    console.log(cause, calls[0]?.state, permission, isPlayed, heard.loudest.rms, audio.interruption?.why);
  }, { once: true });
  end();
  audio.on("error", ({ error }) => {
    const { code }: OffhookError = error;
    console.log(code, client.devices.microphoneTrack?.label);
  });
}

declare const client: Awaited<ReturnType<typeof connect>>;
const audio = createAudioSession(client);

// A session of nobody's calls.
// @ts-expect-error
createAudioSession();
// Where to, is a Storage.
// @ts-expect-error
createAudioSession(client, { remember: true });
// A misspelt option.
// @ts-expect-error
createAudioSession(client, { wakelock: true });
// A view is not to be written to.
// @ts-expect-error
audio.devices.microphoneId = "id";
// Nor to be pushed into.
// @ts-expect-error
audio.devices.speakers.push({ deviceId: "id", label: "" });
// It is set by a method, which tells.
// @ts-expect-error
audio.audioEnabled = false;
// There may be no interruption.
// @ts-expect-error
audio.interruption.why;
// Whose levels?
// @ts-expect-error
audio.levels(() => {});
// An event that does not exist.
// @ts-expect-error
audio.on("muted", () => {});
// A cause that does not exist.
// @ts-expect-error
audio.on("resumed", ({ why }) => why === "hidden");
