// The check before a call as an application uses it; what must not compile says so, for the one reason that stands over it.

import type { Client, ConnectOptions } from "offhook";
import { checkCall } from "offhook/check";
import type {
  Check, CheckEvents, CheckOptions, CheckReason, CheckReport, CheckStep, GatewayResult, IceServerResult,
  ReasonCode, StepOutcome, Verdict,
} from "offhook/check";
import { createScorer } from "offhook/quality";
import type { QualitySample, Scorer, Spread } from "offhook/quality";

declare const client: Client;
declare const signIn: ConnectOptions;

export async function useCheck(): Promise<Verdict> {
  checkCall().abort();
  const options: CheckOptions = {
    client, url: ["wss://a.example", "wss://b.example"], iceServers: [{ urls: "stun:stun.example" }], expectSpeech: true,
    call: { destinationNumber: "9196", seconds: 8, customHeaders: { "X-Check": "1" } }, permissionSeconds: 30,
  };
  const check: Check = checkCall(options);
  const stop: () => void = check.on("progress", ({ step, report }: CheckEvents["progress"]) => {
    const { state, verdict, ms }: StepOutcome = report.steps[step];
    const whole: Verdict | undefined = report.verdict;
    console.log(state, verdict, ms, whole);
  }, { once: true });
  stop();
  check.on("level", ({ rmsDb }) => console.log(rmsDb));
  const known: CheckReport = check.report;
  const report = await check.done;
  const reasons: readonly CheckReason[] = report.reasons;
  const codes: ReasonCode[] = reasons.map(({ code }) => code);
  const [gateway]: readonly GatewayResult[] = report.gateways;
  const servers: readonly IceServerResult[] = report.ice?.servers ?? [];
  const mos: Spread | undefined = report.call?.mos;
  console.log(known.startedAt, codes, gateway?.rttMs, servers.map(({ protocol }) => protocol), mos?.mean, report.ice?.relay.tls);
  await checkCall({ signIn, call: { destinationNumber: "9196" } }).done;
  await checkCall({ call: "loopback", regions: ["eu", "apac"], microphone: false }).done;
  const step: CheckStep = "ice";
  console.log(step);
  return report.verdict;
}

export async function useScorer(connection: RTCPeerConnection): Promise<void> {
  const scorer: Scorer = await createScorer({ wasmUrl: "https://cdn.example/quality_bg.wasm" });
  const sample: QualitySample | undefined = scorer.take(await connection.getStats());
  console.log(sample?.mos);
  scorer.close();
}

// A number to call is in an object.
// @ts-expect-error
checkCall({ client, call: "9196" });
// A misspelt option.
// @ts-expect-error
checkCall({ iceserver: [] });
// What the test call speaks through is the check's.
// @ts-expect-error
checkCall({ client, call: { destinationNumber: "9196", audio: false } });
// A region that is none.
// @ts-expect-error
checkCall({ regions: ["moon"] });
// An event that is none.
// @ts-expect-error
checkCall().on("done", () => {});
// Until all is done there is no verdict.
// @ts-expect-error
const verdict: Verdict = checkCall().report.verdict;
console.log(verdict);
// A report is not to be written to.
// @ts-expect-error
checkCall().report.reasons.push({});
