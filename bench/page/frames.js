// What a gateway says in a long talk with an assistant, and in a quiet hour: each frame another text, as on a wire.

/** Frames of a conversation: the person's words, the assistant's in pieces, and now and then a tool's call. */
export function conversation(count) {
  return frames(count, (n) => ({ method: "ai_conversation", params: turn(n) }));
}

/** A ping, and a method that no client knows, by turns. */
export function idle(count) {
  return frames(count, (n) => (n % 2 === 0
    ? { id: 4000 + n, method: "telnyx_rtc.ping", params: {}, voice_sdk_id: VOICE_SDK_ID }
    : { id: 4000 + n, method: "telnyx_rtc.novelty", params: { serial: n, note: "nobody knows this one" } }));
}

/** What a gateway replies to a text that it was sent; nothing to what is no request. */
export function reply(text) {
  const { id, method } = JSON.parse(text);
  return method === undefined ? undefined : JSON.stringify({ jsonrpc: "2.0", id, result: { message: "PONG" } });
}

function frames(count, content) {
  return Array.from({ length: count }, (_, n) => JSON.stringify({ jsonrpc: "2.0", ...content(n) }));
}

/** Of twenty frames sixteen are pieces of what the assistant says. */
const CYCLE = 20;

const VOICE_SDK_ID = "VlNESy1mM2ExYzUyNi1jYjZhLTRlMmYtOTQ5Zi0zM2M5ZWQ4ZGU1NzY";

const WORDS = ["Certainly", ", your", " parcel", " has", " left", " the", " depot", " – it", " comes", " on Friday."];

function turn(n) {
  const round = Math.floor(n / CYCLE);
  const response_id = id("resp", round);
  switch (n % CYCLE) {
    case 0:
      return { type: "conversation.item.created", previous_item_id: id("item", round - 1), item: said(round) };
    case 1:
      return { type: "response.created", response: { id: response_id, status: "in_progress", output: [] } };
    case 18:
      return { type: "conversation.item.created", item: looksUp(round) };
    case 19:
      return { type: "response.done", response: { id: response_id, status: "completed", usage: { tokens: 812 } } };
    default:
      return {
        type: "response.text.delta", response_id, item_id: id("msg", round), output_index: 0, content_index: 0,
        delta: WORDS[n % WORDS.length],
      };
  }
}

function said(round) {
  const text = `Where is order ${round}? It was to come on Tuesday, and nobody "has seen" it.\nThank you.`;
  const content = [{ type: "input_text", text }];
  return { id: id("item", round), type: "message", role: "user", status: "completed", content };
}

function looksUp(round) {
  const query = JSON.stringify({ order: `A-${round}`, with: "history" });
  const [item, call_id] = [id("item", round), id("call", round)];
  return { id: item, type: "function_call", call_id, name: "find_parcel", arguments: query };
}

function id(kind, round) {
  return `${kind}_${String(round).padStart(6, "0")}b7c4e1d29f`;
}
