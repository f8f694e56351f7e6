// Judged calls as an application uses them, and as it must not. Compiling is the test.

import type { Call, Client } from "offhook";
import { createAudioSession } from "offhook/audio";
import { toCsv, watchQuality } from "offhook/quality";
import type {
  CallRecord, CallTimings, CallVerdict, Finding, MilestoneName, QualityBand, QualityLevels, QualityOptions, QualitySample,
  QualitySentence, QualitySummary, QualityWarning, QualityWatch, SignInTimings,
  Spread,
} from "offhook/quality";

declare const client: Client;
declare const call: Call;

export async function accepted(): Promise<void> {
  const options: QualityOptions = {
    wasmUrl: new URL("https://cdn.example/quality_bg.wasm"), samples: 60, endedCalls: 1, audio: createAudioSession(client),
    words({ kind, name, evidence, text }: QualitySentence) {
      return kind === "cause" && name === "lossInbound" ? { text: `${evidence["loss"]} ${text}` } : undefined;
    },
  };
  using watch: QualityWatch = await watchQuality(client, options);
  watch.on("sample", ({ sample }) => {
    const { mos, quality }: QualitySample = sample;
    const band: QualityBand = quality;
    console.log(mos?.toFixed(1), band);
  }, { once: true });
  watch.on("warning", (told) => {
    const warning: QualityWarning = told;
    const raised: boolean = told.raised;
    console.log(warning.code, raised);
  });
  watch.on("milestone", ({ name, at }) => {
    const milestone: MilestoneName = name;
    const time: number = at;
    console.log(milestone, time);
  });
  watch.on("verdict", ({ verdict, summary }) => {
    const [worst]: readonly Finding[] = (verdict satisfies CallVerdict).findings;
    const rtt: Spread | undefined = (summary satisfies QualitySummary).rtt;
    console.log(worst?.evidence["seconds"], rtt?.most);
  });
  const signedIn: number | undefined = (watch.signIn satisfies SignInTimings).clientReady;
  console.log(signedIn);
  const record: CallRecord | undefined = watch.of(call);
  const timings: CallTimings | undefined = record?.timings;
  const first: number | undefined = timings?.milestones.firstRtpReceived;
  const stop: () => void = watch.levels(call, ({ inbound, outbound }: QualityLevels) => console.log(inbound.rms, outbound.peak), { hz: 5 });
  stop();
  if (record) console.log(toCsv(record), toCsv({ startedAt: new Date(), samples: [] }), first);
}

export async function refused(watch: QualityWatch): Promise<void> {
  // There is no such event.
  // @ts-expect-error
  watch.on("quality", () => {});
  // Samples are counted, not named.
  // @ts-expect-error
  await watchQuality(client, { samples: "all" });
  // What is known is not to be changed.
  // @ts-expect-error
  watch.of(call)?.samples.push();
  // A call is asked about, not its id.
  // @ts-expect-error
  watch.of(call.id);
}
