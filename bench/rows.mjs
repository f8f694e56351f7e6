// The rows of the table: what stands in each, and what is to be reached.

const KIB = 1024;

/**
 * A row shows a measure in up to three columns: whose it is, and which. `targets` look at the medians by column.
 *
 * @typedef {{ contestant: string, measure: string }} Cell
 * @typedef {{ says: string, holds: (medians: Record<string, number>) => boolean }} Target
 */
export const ROWS = [
  row("bytes", "bytes to download (brotli 11)", "B", main("bytes"), [under(62 * KIB, "62 KiB"), below("incumbent")]),
  row("import", "import and initialise", "ms", main("import"), [within(1, "incumbent")]),
  row("connect", "connect() to ready", "ms", main("connect"), [within(1.3, "bare")]),
  row("invite", "newCall() to INVITE, cold", "ms", main("invite"), [within(1.3, "bare")]),
  row("invite-mic", "  bare with the microphone first", "ms", microphoneFirst("invite"), [below("bare")]),
  row("invite-defaults", "  each with its defaults", "ms", defaults("invite")),
  row("invite-first", "  the page's first call", "ms", main("firstInvite"), [within(1.3, "bare")]),
  row("prepared", "newCall() to INVITE, after prepare()", "ms",
    { offhook: cell("offhook", "prepared"), bare: cell("bare", "invite") }, [below("bare"), under(16, "16 ms")]),
  row("rtp", "newCall() to first RTP in", "ms", main("rtp"), [below("incumbent")]),
  row("rtp-defaults", "  each with its defaults", "ms", defaults("rtp"), [below("incumbent")]),
  row("active", "newCall() to active", "ms", main("active"), [below("incumbent")]),
  row("active-defaults", "  each with its defaults", "ms", defaults("active"), [below("incumbent")]),
  row("at-once", "INVITE in to ANSWER, answered at once", "ms", main("atOnce"), [within(1.3, "bare")]),
  row("at-once-mic", "  bare with the microphone first", "ms", microphoneFirst("atOnce")),
  row("at-once-defaults", "  each with its defaults", "ms", defaults("atOnce")),
  row("ringing", "answer() to ANSWER, after a second of ringing", "ms", main("afterRinging"), [under(2, "2 ms")]),
  row("frames", "5,000 ai_conversation frames", "ms", main("frames"), [within(0.5, "incumbent"), within(1.5, "bare")]),
  row("idle", "1,000 idle frames", "ms", main("idleFrames"), [within(0.5, "incumbent")]),
  row("memory", "memory that a call leaves, 101st to 200th", "B", main("memory"), [under(KIB, "1 KiB")]),
  row("quiet", "CPU of a quiet call, each minute", "ms",
    { ...defaults("quiet"), bare: cell("bare", "quiet") }, [within(1, "incumbent")]),
  row("judged", "  watched by offhook/quality", "ms", { offhook: cell("offhookJudged", "quiet") }),
  row("judging", "reading and scoring a call, of one core", "%",
    { offhook: cell("offhook", "judging") }, [under(1, "1 %")]),
];

function row(name, title, unit, cells, targets = []) {
  return { name, title, unit, cells, targets };
}

function cell(contestant, measure) {
  return { contestant, measure };
}

function main(measure) {
  return { offhook: cell("offhook", measure), incumbent: cell("incumbent", measure), bare: cell("bare", measure) };
}

function defaults(measure) {
  return { offhook: cell("offhookDefaults", measure), incumbent: cell("incumbentDefaults", measure) };
}

function microphoneFirst(measure) {
  return { offhook: cell("offhook", measure), bare: cell("bareMicrophoneFirst", measure) };
}

function within(factor, other) {
  const says = factor === 1 ? `≤ ${other}` : `≤ ${factor} × ${other}`;
  return { says, holds: (medians) => medians.offhook <= factor * medians[other] };
}

function below(other) {
  return { says: `< ${other}`, holds: (medians) => medians.offhook < medians[other] };
}

function under(limit, words) {
  return { says: `< ${words}`, holds: (medians) => medians.offhook < limit };
}
