import type { AnswerOptions, Call, CallOptions, Client, ListenOptions, OffhookError } from "./index.js";

/**
 * Keeps order among a client's calls: what becomes of a second one, how many there may be, who is held while another is
 * talked to, and who comes back. It watches the client from here on, until it is disposed of; that leaves the calls as
 * they are.
 *
 * Throws an `OffhookError` (`misuse`) if an option is wrong, or if the client was closed or has a call control already
 * (60060).
 */
export declare function createCallControl(client: Client, options?: CallControlOptions): CallControl;

/**
 * What becomes of a call that comes in while there is another one.
 *
 * - `ring`: it rings, and the person decides
 * - `reject`: it is rejected as busy (17)
 * - `holdAndAnswer`: who is talked to is put on hold, then it is answered
 * - `endAndAnswer`: the call that the person is busy with is ended, then it is answered
 *
 * While the others only ring too, there is nobody to hold or to end, and it rings. What cannot be carried out is told
 * as a `warning`, and the call rings on.
 */
export type SecondCallPolicy = "ring" | "reject" | "holdAndAnswer" | "endAndAnswer";

/** How a client's calls are kept in order. */
export interface CallControlOptions {
  /**
   * What becomes of a call that comes in while there is another one: always the same, or as the function says, which is
   * given that call and the others. Nothing is answered unless this says so. Default: `"ring"`.
   */
  onSecondCall?: SecondCallPolicy | ((incoming: Call, others: readonly Call[]) => SecondCallPolicy);
  /**
   * How many calls there may be at a time, held and ringing ones too: one more that comes in is rejected as busy, one
   * more that the control is to start is `misuse` (60062). Default: `2`.
   */
  maximumCalls?: number;
  /**
   * Only one call is talked in at a time: who answers, starts or takes back another one holds the first before, and if
   * that fails, nothing else is done. Default: `true`.
   */
  exclusive?: boolean;
  /**
   * When the call that the person is busy with ends, by whomever, the last one that the control has held comes back by
   * itself. One that the person has put on hold stays there. Default: `true`.
   */
  resumeHeld?: boolean;
}

/** One thing that is done to one call. Every action settles once: in time, or as failed (`lost`, 60461). */
export type Action = StartAction | AnswerAction | EndAction | SetHeldAction | SetMutedAction | PlayDtmfAction;

/** Of all actions. */
export interface TimedAction {
  /**
   * How long it may take, in seconds, up to 600. Default: 10; `start` 30; `playDtmf` 10 and the time that its digits
   * take.
   */
  withinSeconds?: number;
}

/** Calls somebody. Fulfilled when the INVITE went out. Undone: the call is ended. */
export interface StartAction extends TimedAction {
  /** Which action. */
  type: "start";
  /** Whom to call, as whom, with what. */
  options?: CallOptions;
}

/** Answers a call that rings. Fulfilled when the gateway agrees. Cannot be undone. */
export interface AnswerAction extends TimedAction {
  /** Which action. */
  type: "answer";
  /** Which call. */
  call: Call;
  /** What goes with the answer. */
  options?: AnswerOptions;
}

/** Ends a call, or rejects it. Fulfilled when it is over. Cannot be undone. */
export interface EndAction extends TimedAction {
  /** Which action. */
  type: "end";
  /** Which call. */
  call: Call;
}

/** Puts a call on hold or takes it off. Fulfilled when the gateway agrees, or where it is so already. */
export interface SetHeldAction extends TimedAction {
  /** Which action. */
  type: "setHeld";
  /** Which call. */
  call: Call;
  /** Whether it is to be on hold. */
  held: boolean;
}

/** Silences the microphone for a call, or no longer. */
export interface SetMutedAction extends TimedAction {
  /** Which action. */
  type: "setMuted";
  /** Which call. */
  call: Call;
  /** Whether the microphone is to be silenced. */
  muted: boolean;
}

/** Sends digits. Fulfilled when the gateway took the last one. Cannot be undone. */
export interface PlayDtmfAction extends TimedAction {
  /** Which action. */
  type: "playDtmf";
  /** Which call. */
  call: Call;
  /** As `dtmf()` of the call takes them. */
  digits: string;
}

/** What became of an action. */
export interface ActionOutcome {
  /** Which; of one that was implied, a `setHeld` that the application did not ask for. */
  readonly action: Action;
  /** `skipped`: one before it has failed, and it was not begun. */
  readonly status: "fulfilled" | "failed" | "skipped";
  /** Whether it was done to make way for another one (`exclusive`). */
  readonly implied: boolean;
  /** `start`: the call. */
  readonly call?: Call;
  /** `failed`: why. */
  readonly error?: OffhookError;
  /** Whether it was taken back, because a later one has failed; absent where there was nothing to take back. */
  readonly undone?: boolean;
}

/** What became of a transaction. */
export interface TransactionResult {
  /** Whether every action was fulfilled. If not, those before the one that failed were undone, the last one first. */
  readonly fulfilled: boolean;
  /** Why it failed: the error of the action that did. */
  readonly error?: OffhookError;
  /** What became of each action, in order; what was implied stands before what implied it. */
  readonly outcomes: readonly ActionOutcome[];
}

/**
 * What could not be done as it was meant to.
 *
 * - `secondCallFailed`: the policy for a second call could not be carried out; it rings on, if its caller is still on
 * - `policyFailed`: the application's function threw, or returned something else than a policy; the call rings
 * - `severalActive`: more than one call is talked in, though `exclusive` is set: another way was taken
 * - `notResumed`: a held call that should have come back did not
 * - `notUndone`: an action that should have been taken back was not
 * - `conferenceSilent`: the browser has stopped the mixing; it is asked to go on
 */
export type WarningReason =
  | "secondCallFailed" | "policyFailed" | "severalActive" | "notResumed" | "notUndone" | "conferenceSilent";

/** What a call control tells, by event name. */
export interface CallControlEvents {
  /** A call rings and waits for the person: the client's `incomingCall`, without those that a policy decides. */
  incomingCall: { readonly call: Call; readonly others: readonly Call[] };
  /** A call was rejected as busy, by the policy or because there were `maximumCalls` others. */
  rejected: { readonly call: Call; readonly reason: "policy" | "maximumCalls" };
  /** `calls`, `active`, `held` or `currentConference` may be others than before. */
  changed: {};
  /** An action settled: once each, also those that a policy or a button has implied. */
  action: ActionOutcome;
  /** The conference is over, and its calls have the microphone to themselves again. */
  conferenceEnded: { readonly calls: readonly Call[] };
  /** Something could not be done as it was meant to. */
  warning: {
    readonly reason: WarningReason;
    readonly message: string;
    readonly call?: Call;
    readonly error?: OffhookError;
  };
}

/** Two calls in which everybody hears everybody. */
export interface Conference {
  /** Whose calls. */
  readonly calls: readonly Call[];
  /**
   * Ends it: both calls go on, each with the person alone. Resolves when they do. It ends by itself with either call.
   */
  leave(): Promise<void>;
}

/** Order among a client's calls. Made by `createCallControl()`. */
export interface CallControl extends Disposable {
  /** The calls that have not ended, oldest first: the client's. */
  readonly calls: readonly Call[];
  /** The call that is talked in; of several the last one. One that is being brought back is what it was. */
  readonly active: Call | undefined;
  /** Those on hold, the last one first. */
  readonly held: readonly Call[];
  /** The conference that is up. */
  readonly currentConference: Conference | undefined;
  /**
   * Carries out actions in order, as a whole or not at all: after the first that fails, those before it are undone, the
   * last one first. Transactions wait for each other. Rejects where the actions are no actions (`misuse`); what fails
   * later is in the result.
   */
  request(actions: readonly Action[]): Promise<TransactionResult>;
  /** Calls somebody, once who is talked to is on hold (`exclusive`). Resolves when the INVITE went out. */
  start(options?: CallOptions): Promise<Call>;
  /** Answers, once who is talked to is on hold (`exclusive`). */
  answer(call: Call, options?: AnswerOptions): Promise<void>;
  /** Puts who is talked to on hold, and answers once that is agreed. If it is not, the call is not answered. */
  holdAndAnswer(call: Call, options?: AnswerOptions): Promise<void>;
  /** Ends the call that the person is busy with, then answers. */
  endAndAnswer(call: Call, options?: AnswerOptions): Promise<void>;
  /** Rejects a call that rings, as busy. */
  reject(call: Call): Promise<void>;
  /**
   * Puts who is talked to on hold, and takes back who was held last, or the call that is given. Rejects where nobody is
   * held (`misuse`, 60063).
   */
  swap(call?: Call): Promise<void>;
  /**
   * Lets the parties of two answered calls hear each other, and the person both, mixed in this page. Who is on hold is
   * taken off; who is put on hold later is not in the mix. Others that are talked to are held (`exclusive`). Rejects
   * where it cannot be (`misuse`, 60064), or where the browser lets nothing sound before the person has touched the
   * page (`media`, 60361).
   */
  conference(a: Call, b: Call): Promise<Conference>;
  /**
   * Ends everything: the conference, whatever waits (`misuse`, 60065), and every call, of which the gateway is told as
   * far as it can be reached.
   */
  reset(): void;
  /** Listens; the returned function stops it. A listener that throws is reported through `reportError`. */
  on<K extends keyof CallControlEvents>(
    event: K, listener: (event: CallControlEvents[K]) => void, options?: ListenOptions,
  ): () => void;
  /** Stops watching the client. Ends a conference, and nothing else; what waits rejects (`misuse`, 60061). */
  [Symbol.dispose](): void;
}
