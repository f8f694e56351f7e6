// What an application writes with a call control, and what it must not.

import type { Call, CallProcessor, Client, OffhookError } from "offhook";
import { createCallControl } from "offhook/control";
import type { Action, ActionOutcome, CallControl, Conference, SecondCallPolicy } from "offhook/control";

declare const client: Client;
declare const call: Call;

export async function accepted(): Promise<void> {
  using control: CallControl = createCallControl(client, { onSecondCall: "holdAndAnswer", maximumCalls: 3 });
  createCallControl(client, { onSecondCall: (incoming, others) => (others.includes(incoming) ? "ring" : "reject") });
  const policy: SecondCallPolicy = "endAndAnswer";
  createCallControl(client, { onSecondCall: policy, exclusive: false, resumeHeld: false });

  control.on("incomingCall", ({ call, others }) => console.log(call.id, others.length));
  control.on("rejected", ({ call, reason }) => console.log(call.id, reason === "policy"));
  const stop: () => void = control.on("warning", ({ reason, message, call, error }) => {
    const told: [string, string, Call | undefined, OffhookError | undefined] = [reason, message, call, error];
    console.log(told);
  }, { once: true });
  stop();

  const actions: Action[] = [
    { type: "start", options: { destinationNumber: "1002" }, withinSeconds: 5 },
    { type: "answer", call, options: { muted: true } },
    { type: "setHeld", call, held: true },
    { type: "setMuted", call, muted: false },
    { type: "playDtmf", call, digits: "1" },
    { type: "end", call },
  ];
  const { fulfilled, error, outcomes } = await control.request(actions);
  const first: ActionOutcome | undefined = outcomes[0];
  console.log(fulfilled, error?.code, first?.status === "skipped", first?.undone, first?.call?.id);

  const started: Call = await control.start();
  await control.holdAndAnswer(started, { audio: false });
  await control.swap();
  const conference: Conference = await control.conference(call, started);
  await conference.leave();
  const current: Conference | undefined = control.currentConference;
  const active: Call | undefined = control.active;
  console.log(current, active, control.held.length);
  control.reset();

  const process: CallProcessor = (track) => track?.clone();
  await call.processAudio(process);
  await call.processAudio();
  await call.setSpeaker(undefined);
}

export function refused(control: CallControl): void {
  // @ts-expect-error: no such policy
  createCallControl(client, { onSecondCall: "answer" });
  // @ts-expect-error: an action says what it wants
  void control.request([{ type: "setHeld", call }]);
  // @ts-expect-error: no such action
  void control.request([{ type: "hold", call }]);
  // @ts-expect-error: no such event
  control.on("callState", () => undefined);
  // @ts-expect-error: read only
  control.active = call;
}
