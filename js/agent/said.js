/** What is sent of a conversation: the params of the request, which the core addresses. */

const type = "conversation.item.create";

/** How long what goes to the agent may be: servers drop whoever sends them a frame that is too large. */
export const MOST_CHARACTERS = 1_000_000;

/**
 * Something that the person wrote or showed, or that the agent shall know without answering.
 *
 * @param {string} id the item's name; unguessable
 * @param {string} words which may be none where there are images
 * @param {readonly string[]} images their addresses, such as `data:image/jpeg;base64,…`
 * @param {boolean} isTurn whether the agent is to answer
 */
export function message(id, words, images, isTurn) {
  const content = [
    ...(words ? [{ type: "input_text", text: words }] : []),
    ...images.map((url) => ({ type: "image_url", image_url: { url } })),
  ];
  return { type, previous_item_id: null, item: { id, type: "message", role: isTurn ? "user" : "system", content } };
}

/**
 * What came of a tool.
 *
 * @param {string} id which call of it
 * @param {string} output
 */
export function toolOutput(id, output) {
  return { type, item: { type: "function_call_output", call_id: id, output } };
}
