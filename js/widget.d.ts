import type {
  Agent, Call, CallOptions, Client, ConnectOptions, Delivery, Latencies, Termination, Tool, ToolRun, TranscriptItem,
  WidgetSettings,
} from "./agent.js";

/**
 * Where a conversation stands, as the widget shows it.
 *
 * - `idle`: there is none
 * - `permission`: the browser asks for the microphone, or it cannot be had and the person may mend that
 * - `connecting`: it is being set up
 * - `listening`, `thinking`, `speaking`: what the agent does
 * - `toolRunning`: a tool of the page runs, or waits for the person's word
 * - `waiting`: on hold
 * - `recovering`: lost, and being brought back
 * - `ended`: over
 * - `error`: it failed
 */
export type WidgetState =
  | "idle" | "permission" | "connecting" | "listening" | "thinking" | "speaking" | "toolRunning" | "waiting"
  | "recovering" | "ended" | "error";

/** How a conversation is held; a person may change it at any time. */
export type ConversationMode = "voice" | "text";

/** Who signs in at a server that takes no anonymous session, such as FreeSWITCH. */
export type WidgetCredentials =
  | { login: string; password: string }
  | { token: string }
  | { getToken: () => string | Promise<string> };

/** A tool that runs in the page. `approval: true` has the widget ask the person each time. */
export type WidgetTool = Omit<Tool, "approval"> & { approval?: Tool["approval"] | boolean };

/** What the element tells, by event name: `CustomEvent`s that bubble out of every shadow root. */
export interface OffhookAgentEventMap {
  /** The panel was opened. */
  "offhook-open": CustomEvent<null>;
  /** The panel was closed; a conversation goes on. */
  "offhook-close": CustomEvent<null>;
  /** A conversation is about to begin. `preventDefault()` keeps it from doing so. */
  "offhook-start": CustomEvent<{ readonly mode: ConversationMode }>;
  /** The state is another one. */
  "offhook-state": CustomEvent<{ readonly state: WidgetState; readonly previous: WidgetState }>;
  /** An item of the transcript is new or has changed. */
  "offhook-transcript": CustomEvent<{ readonly item: TranscriptItem; readonly index: number }>;
  /** A tool of the page began, or went on. */
  "offhook-tool": CustomEvent<ToolRun>;
  /** A latency was measured. */
  "offhook-latency": CustomEvent<{ readonly kind: "greeting" | "turn"; readonly milliseconds: number }>;
  /** The person was muted, or is heard again. */
  "offhook-mute": CustomEvent<{ readonly muted: boolean }>;
  /** The server said how the widget shall be. */
  "offhook-settings": CustomEvent<{ readonly settings: WidgetSettings }>;
  /** The person agreed to a version of the page's terms. */
  "offhook-consent": CustomEvent<{ readonly version: string; readonly language: string; readonly at: Date }>;
  /** The person chose a language. */
  "offhook-language": CustomEvent<{ readonly language: string }>;
  /** The conversation is over. */
  "offhook-end": CustomEvent<{ readonly reason: Termination; readonly latencies: Latencies; readonly seconds: number }>;
  /** What the person thinks of it. It goes to the page, and nowhere else. */
  "offhook-feedback": CustomEvent<{
    readonly rating: number;
    readonly text: string;
    readonly callId: string | undefined;
  }>;
  /** Something failed: an `OffhookError`, or what the browser threw when a file could not be loaded. */
  "offhook-error": CustomEvent<{ readonly error: unknown }>;
}

/**
 * `<offhook-agent>`: a conversation with an AI agent, by voice and in writing. An attribute is the property of the same
 * name in camel case; `undefined`, `null` and `false` take it away.
 */
export declare class OffhookAgentElement extends HTMLElement {
  /** Attribute `agent-id`: the assistant. */
  agentId: string | null | undefined;
  /** Attribute `version-id`: which version of it. */
  versionId: string | null | undefined;
  /** Attribute `conversation-id`: the conversation to join. */
  conversationId: string | null | undefined;
  /** Attribute `url`: the gateway's address, `wss:`. Default: Telnyx. */
  url: string | null | undefined;
  /** Attribute `dialect`: `telnyx` or `freeswitch`. Default: by the address. */
  dialect: string | null | undefined;
  /** Attribute `number`: whom to call where the target does not say it, as behind FreeSWITCH. */
  number: string | null | undefined;
  /** Attribute `region`: Telnyx's region. Default: the nearest. */
  region: string | null | undefined;
  /** Attribute `environment`: Telnyx's environment. Default: `production`. */
  environment: string | null | undefined;
  /**
   * Attribute `language` (or `lang`). Default: the person's earlier choice, else the server's, else the browser's.
   */
  language: string | null | undefined;
  /** Attribute `theme`: `light`, `dark` or `auto`, the system's. Default: `auto`. */
  theme: string | null | undefined;
  /** Attribute `form`: `icon`, `pill`, `panel` (open from the start), `inline` (part of the page). Default: `icon`. */
  form: string | null | undefined;
  /**
   * Attribute `anchor`: where it stands, of `top`, `bottom`, `start`, `end`, `left`, `right` and pairs such as
   * `top-left`. `start` and `end` follow the direction of the language. Default: `bottom-end`.
   */
  anchor: string | null | undefined;
  /** Attribute `mode`: `voice` or `text` allow only that. Default: both. */
  mode: string | null | undefined;
  /** Attribute `label`: what the closed widget says. */
  label: string | null | undefined;
  /** Attribute `heading`: the title. */
  heading: string | null | undefined;
  /** Attribute `logo`: the address of a picture beside it. */
  logo: string | null | undefined;
  /** Attribute `terms`: what the person has to agree to first, as text. */
  terms: string | null | undefined;
  /** Attribute `terms-url`: where all of it is to be read. */
  termsUrl: string | null | undefined;
  /** Attribute `terms-version`: another one is asked for again. Default: `1`. */
  termsVersion: string | null | undefined;
  /** Attribute `transcript-view`: `off` hides the transcript while people speak. */
  transcriptView: string | null | undefined;
  /** Attribute `visualizer`: `orb`, `bars` or `none`. Default: `orb`. */
  visualizer: string | null | undefined;
  /** Attribute `resume`: `off` ends the conversation with the page. Default: it goes on in the next one. */
  resume: string | null | undefined;
  /** Attribute `caller-name`: the name shown to the agent. */
  callerName: string | null | undefined;
  /** Attribute `caller-number`: the number shown to the agent. */
  callerNumber: string | null | undefined;
  /** Attribute `auto-start`: starts with the page. */
  autoStart: boolean;
  /** Attribute `show-latency`: the settings show how long answers take. */
  showLatency: boolean;

  /** Words that are other ones than the language's, by key. */
  texts: Readonly<Record<string, string>> | undefined;
  /** Who signs in where `agentId` does not. A property only: what is in the markup, everybody can read. */
  credentials: WidgetCredentials | undefined;
  /** More options of the call, such as `customHeaders` and `userVariables`. */
  callOptions: CallOptions | undefined;
  /** More options of the sign-in, such as `iceServers`. */
  connectOptions: Partial<ConnectOptions> | undefined;

  /** Whether the panel is open. */
  readonly opened: boolean;
  /** Where the conversation stands. */
  readonly state: WidgetState;
  /** Whether the person is muted. */
  readonly muted: boolean;
  /** What was said and written. */
  readonly transcript: readonly TranscriptItem[];
  /** The agent, once there is one. */
  readonly agent: Agent | undefined;
  /** The session, while there is one. */
  readonly client: Client | undefined;
  /** The call, once there is one. */
  readonly call: Call | undefined;

  /** Opens the panel. `focus: false` leaves the keyboard where it is. Rejects if the widget cannot be loaded. */
  open(options?: { focus?: boolean }): Promise<void>;
  /** Closes the panel; a conversation goes on. */
  close(): void;
  /**
   * Opens the panel and begins a conversation; the person may be asked to agree first. `focus: false` leaves the keyboard
   * where it is.
   */
  start(options?: { mode?: ConversationMode; focus?: boolean }): Promise<void>;
  /** Ends the conversation. */
  end(): void;
  /** Silences the microphone. */
  mute(): void;
  /** Lets it be heard again. */
  unmute(): void;
  /** Says something in writing; begins a conversation where there is none. Resolves with what became of it. */
  sendText(text: string, options?: { images?: (Blob | string)[] }): Promise<Delivery>;
  /** Tells the agent something without taking a turn. Rejects where there is no conversation. */
  sendContext(text: string): Promise<Delivery>;
  /**
   * Lets the agent have something done by the page, in this conversation and those to come; the returned function takes
   * it away. With `approval: true` the widget asks the person each time.
   */
  registerTool(tool: WidgetTool): () => void;

  /** Listens. */
  addEventListener<K extends keyof OffhookAgentEventMap>(
    type: K,
    listener: (this: OffhookAgentElement, event: OffhookAgentEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Listens. */
  addEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions,
  ): void;
  /** Stops listening. */
  removeEventListener<K extends keyof OffhookAgentEventMap>(
    type: K,
    listener: (this: OffhookAgentElement, event: OffhookAgentEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  /** Stops listening. */
  removeEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "offhook-agent": OffhookAgentElement;
  }
  interface GlobalEventHandlersEventMap extends OffhookAgentEventMap {}
}
