/** @typedef {import("../index.js").Call} Call */
/** @typedef {import("../log.js").LogEntry} LogEntry */

/** How Telnyx calls the levels; what it has no word for is for finding faults. */
const LEVELS = { error: "error", warn: "warn", info: "info", debug: "debug", verto: "debug", stats: "debug" };

/**
 * An entry of a log as it goes over the wire.
 *
 * @param {LogEntry} entry
 */
export function logged({ at, level, message, context }) {
  const more = context === undefined ? {} : { context: withoutDigits(context) };
  return { timestamp: at.toISOString(), level: LEVELS[level], message, ...more };
}

/**
 * Whether an entry is about this call, or about no call: another call is nobody's business here.
 *
 * @param {LogEntry} entry
 * @param {Call} call
 */
export function concerns(entry, call) {
  const id = callOf(entry);
  return id === undefined || id === call.id;
}

/**
 * The call that an entry is about, if it is about one.
 *
 * @param {LogEntry} entry
 * @returns {string | undefined}
 */
export function callOf({ callId, context }) {
  const { params, result } = /** @type {any} */ (context ?? {});
  return callId ?? params?.dialogParams?.callID ?? params?.callID ?? result?.callID;
}

/** Digits may be a PIN. @param {any} context */
function withoutDigits(context) {
  if (context?.params?.dtmf === undefined) return context;
  return { ...context, params: { ...context.params, dtmf: "***" } };
}
