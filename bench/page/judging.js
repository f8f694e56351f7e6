// What it costs to read and score a call: real reports of a real call, again and again, on a clock that runs ahead.

/** The number that answers at once, with a tone. */
const TONE = "9198";

/** How many seconds are judged; as many before that, so that the browser has compiled what it will. */
const SECONDS = 4_000;

/** How much of the main thread each second of a call takes, in per cent. */
export async function judging(client) {
  const { watchQuality } = await import("/pkg/quality.js");
  const call = client.newCall({ destinationNumber: TONE });
  const told = [await next(call), await next(call)];
  const { stats, localStream, peerConnection } = call;
  let take = () => {};
  const on = (event, listener) => {
    if (event === "report") take = listener;
    return () => {};
  };
  const standIn = { id: call.id, direction: "inbound", state: "active", stats, localStream, peerConnection, on };
  const watch = await watchQuality({ calls: [standIn], devices: client.devices, ready: true, on: () => () => {} });
  const clock = performance.now.bind(performance);
  let [now, spent] = [clock(), 0];
  performance.now = () => now;
  for (const counts of [false, true]) {
    const from = clock();
    for (let second = 0; second < SECONDS; second += 1) {
      now += 1_000;
      take(told[second % told.length]);
    }
    if (counts) spent = clock() - from;
  }
  delete performance.now;
  const { samples } = watch.of(standIn);
  watch[Symbol.dispose]();
  call.hangup();
  if (samples.length !== 600) throw new Error(`${samples.length} samples are kept`);
  return (spent / (SECONDS * 1_000)) * 100;
}

function next(call) {
  return new Promise((resolve) => call.on("report", resolve, { once: true }));
}
