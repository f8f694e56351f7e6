import type { Call, CallOptions, Client, ListenOptions, Termination } from "./index.js";

export * from "./index.js";

/**
 * Listens to the conversation with an AI agent, of a client that this module's `connect()` has made. Calls nobody.
 *
 * Throws an `OffhookError` (`misuse`) if an option is wrong, the client was closed, or has an agent already.
 */
export declare function createAgent(client: Client, options?: AgentOptions): Agent;

/**
 * Under which names an assistant finds the headers of a call: `X-Account-Number` is `account_number` there, and
 * `{{account_number}}` in its instructions.
 */
export declare function dynamicVariables(headers: Record<string, string>): Record<string, string>;

/** How a conversation is listened to. */
export interface AgentOptions {
  /** Take a call that comes back after a reload (`recoveredCall`) for the conversation. Default: `true`. */
  recover?: boolean;
  /** Measure how loud both sides are: without it there is neither barge-in nor latency. Default: `true`. */
  levels?: boolean;
  /** What was said on an earlier page, as its `exportTranscript("json")` gave it. */
  transcript?: string;
}

/**
 * What the agent does.
 *
 * - `idle`: there was no call yet
 * - `connecting`: its call is being set up
 * - `listening`: it is the person's turn
 * - `thinking`: the person has finished, and an answer is due
 * - `speaking`: it speaks, or writes where nobody measures how loud it is
 * - `toolRunning`: it waits for a tool of the page
 * - `waiting`: the call is on hold, or being brought back
 * - `ended`: the call is over
 */
export type AgentState =
  | "idle" | "connecting" | "listening" | "thinking" | "speaking" | "toolRunning" | "waiting" | "ended";

/** Something that was said. It never changes: when something does, there is another one of the same id. */
export interface TranscriptItem {
  /** The server's name for it; of what was written here, ours. */
  readonly id: string;
  /** Who said it. */
  readonly role: "user" | "assistant";
  /** The words, as far as they are known. */
  readonly text: string;
  /** Addresses of images, `data:` or `https:`. */
  readonly images: readonly string[];
  /**
   * - `partial`: more may come; of what was written here, the server has not confirmed it yet
   * - `final`: that is all of it
   * - `interrupted`: the person spoke into it
   */
  readonly status: "partial" | "final" | "interrupted";
  /**
   * `interrupted`: from which place in the text (UTF-16) on nothing was heard; absent where all was. Said by the server,
   * or else reckoned from how long the agent spoke, at 15 characters a second.
   */
  readonly unheardFrom?: number;
  /** When it was first seen. */
  readonly at: Date;
}

/** How the server wants a widget to be. What it did not send, and what is odd, is absent. */
export interface WidgetSettings {
  /** `theme` */
  readonly theme?: "light" | "dark";
  /** `language` */
  readonly language?: string;
  /** `auto_start` */
  readonly autoStart?: boolean;
  /** `show_transcript` */
  readonly showTranscript?: boolean;
  /** `custom_styles` */
  readonly customStyles?: Readonly<Record<string, string>>;
  /** `agent_thinking_text` */
  readonly agentThinkingText?: string;
  /** `audio_visualizer_config` */
  readonly audioVisualizer?: { readonly color?: string; readonly preset?: string };
  /** `default_state` */
  readonly defaultState?: "collapsed" | "expanded";
  /** `position` */
  readonly position?: string;
  /** `start_call_text` */
  readonly startCallText?: string;
  /** `speak_to_interrupt_text` */
  readonly speakToInterruptText?: string;
  /** `logo_icon_url`: `https:`, or an image in a `data:` URL. */
  readonly logoIconUrl?: string;
  /** `give_feedback_url`: `https:` */
  readonly giveFeedbackUrl?: string;
  /** `report_issue_url`: `https:` */
  readonly reportIssueUrl?: string;
  /** `view_history_url`: `https:` */
  readonly viewHistoryUrl?: string;
}

/** What became of a message. */
export interface Delivery {
  /** The item's id. */
  readonly id: string;
  /** Whether the server has confirmed it, within ten seconds. If not, it may have arrived all the same. */
  readonly confirmed: boolean;
}

/** What goes with a message. */
export interface MessageOptions {
  /**
   * At most eight: pictures, `data:` URLs of pictures, or `https:` addresses. Pictures are drawn anew as JPEG, so that
   * nothing of the place where they were taken goes along, and made smaller until all fit into 1,000,000 characters.
   */
  images?: readonly (Blob | string)[];
}

/** Something that the agent may do in this page. */
export interface Tool {
  /** Its name, as the agent calls it: letters, digits, `_` and `-`, 64 at most. */
  name: string;
  /** What it does, for those who read the code: the agent's own configuration is on the server. */
  description?: string;
  /** JSON Schema (2020-12) of the arguments: what does not fit is refused, and the agent is told why. */
  parameters?: object;
  /**
   * Does it. What it returns goes to the agent as JSON, of at most 1,000,000 characters; what it throws goes there as
   * `{ "error": … }`.
   */
  handler(args: Record<string, unknown>, context: { readonly signal: AbortSignal; readonly callId: string }): unknown;
  /** After how many seconds it is given up, 600 at most. Default: 30. */
  timeout?: number;
  /** Asked first, each time; only `true` lets it run. Waited for until the call ends. */
  approval?(
    args: Record<string, unknown>, context: { readonly name: string; readonly signal: AbortSignal },
  ): boolean | Promise<boolean>;
}

/** One run of a tool. */
export interface ToolRun {
  /** The agent's name for it. */
  readonly id: string;
  /** Which tool. */
  readonly name: string;
  /** With what. */
  readonly args: unknown;
  /**
   * - `approval`: it waits for that
   * - `running`: it runs
   * - `done`: the agent has the result
   * - `refused`: it was not approved
   * - `failed`: there is no such tool, the arguments do not fit, or the handler threw
   * - `aborted`: it took too long, the call has ended, or the agent was disposed of
   */
  readonly status: "approval" | "running" | "done" | "refused" | "failed" | "aborted";
  /** Why not, as the agent was told. */
  readonly error?: string;
}

/** How long the person waited, in milliseconds, by what was loud: transport in both directions is not in it. */
export interface Latencies {
  /** From the answered call to the agent's first sound. */
  readonly greeting?: number;
  /** Of each turn: from the end of the person's speech to the agent's first sound. */
  readonly turns: readonly number[];
}

/** How loud something is, as root mean square from 0 to 1. */
export interface AgentLevels {
  /** The person, as sent. */
  readonly local: number;
  /** The agent. */
  readonly remote: number;
}

/** What an agent tells, by event name. */
export interface AgentEvents {
  /** It does something else. */
  state: { readonly state: AgentState; readonly previous: AgentState };
  /** An item is new, has changed, or has another place (`index`) in the transcript. */
  transcript: { readonly item: TranscriptItem; readonly index: number };
  /** What was written could not be delivered, and is not in the transcript any more. */
  removed: { readonly item: TranscriptItem | undefined };
  /** The transcript is empty. */
  cleared: {};
  /** The server said how a widget shall be. */
  settings: { readonly settings: WidgetSettings };
  /** The person speaks into the agent's speech. Not each time the agent gives way: then the item is `interrupted`. */
  bargeIn: { readonly item: TranscriptItem | undefined };
  /** The agent has answered, after so long. See {@link Latencies}. */
  latency: { readonly kind: "greeting" | "turn"; readonly milliseconds: number };
  /** A tool was called, or what became of it. */
  tool: ToolRun;
  /** Any other frame of the conversation, as the server sent it. */
  frame: { readonly params: unknown };
  /** How loud both are, twenty times a second while the call is active. */
  levels: AgentLevels;
  /** The call is over. The transcript stays. */
  ended: { readonly reason: Termination; readonly latencies: Latencies };
}

/** A conversation with an AI agent. Made by `createAgent()`. */
export interface Agent extends Disposable {
  /** Whose calls it listens to. */
  readonly client: Client;
  /** The call that is the conversation, until it has ended. */
  readonly call: Call | undefined;
  /** What the agent does. */
  readonly state: AgentState;
  /** Everything that was said, in order. The same array until something changes. */
  readonly transcript: readonly TranscriptItem[];
  /** What the server said of how a widget shall be. */
  readonly settings: WidgetSettings | undefined;
  /** How long the person has waited in this call, or in the last one. */
  readonly latencies: Latencies;
  /** What `levels` told last. */
  readonly levels: AgentLevels;
  /**
   * Calls the agent, as `client.newCall()`. An anonymous client needs no `destinationNumber`; behind FreeSWITCH it is the
   * agent's. Without a microphone (`audio: false`) the conversation is in writing. Throws while there is a conversation.
   */
  start(options?: CallOptions): Call;
  /** Takes a call that there is for the conversation, such as one that came in. Throws while there is another one. */
  attach(call: Call): void;
  /** Hangs up. Without a call nothing happens. */
  end(): void;
  /**
   * Says something in writing, of at most 1,000,000 characters, with images: the agent answers as if it had been spoken.
   * Rejects where there is no conversation (`misuse`, 60072), and with `refused` or `lost`: then it is not in the
   * transcript.
   */
  sendMessage(text: string, options?: MessageOptions): Promise<Delivery>;
  /** Lets the agent know something, such as what the person looks at. It is not said, and not answered. Else as above. */
  sendContext(text: string): Promise<Delivery>;
  /**
   * Lets the agent do something in this page. The returned function takes it back. Tools that nobody has registered are
   * answered with an error.
   */
  registerTool(tool: Tool): () => void;
  /** Forgets what was said, here; the agent does not. */
  clearTranscript(): void;
  /** What was said: as lines for people, without what was not heard, or as JSON for {@link AgentOptions.transcript}. */
  exportTranscript(format: "text" | "json"): string;
  /** Listens; the returned function stops it. A listener that throws is reported through `reportError`. */
  on<K extends keyof AgentEvents>(event: K, listener: (event: AgentEvents[K]) => void, options?: ListenOptions): () => void;
  /** Stops listening. The call goes on, and the transcript can be had by another `createAgent()`. */
  [Symbol.dispose](): void;
}
