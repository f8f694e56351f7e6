/** @typedef {import("./index.js").Call} Call */
/** @typedef {import("./index.js").Client} Client */

/**
 * Calls back once for every call of a client, when it is first heard of: those that are there, and those that come.
 *
 * @param {Client} client
 * @param {(call: Call, how: "incoming" | "outgoing" | "recovered" | undefined) => void} visit `how` it came, if it did
 * @param {AbortSignal} signal ends it
 */
export function eachCall(client, visit, signal) {
  /** @type {WeakSet<Call>} */
  const known = new WeakSet();
  /** @type {typeof visit} */
  const meet = (call, how) => {
    if (known.has(call)) return;
    known.add(call);
    visit(call, how);
  };
  for (const call of client.calls) meet(call, undefined);
  client.on("outgoingCall", ({ call }) => meet(call, "outgoing"), { signal });
  client.on("incomingCall", ({ call }) => meet(call, "incoming"), { signal });
  client.on("recoveredCall", ({ call }) => meet(call, "recovered"), { signal });
  client.on("callState", ({ call }) => meet(call, call.direction === "outbound" ? "outgoing" : "incoming"), { signal });
}
