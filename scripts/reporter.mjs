// What node's test runner found, for a program to read: one JSON text a line, a count or a failure.

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type === "test:diagnostic") yield* counted(data);
    else if (type === "test:fail" && data.details.error?.failureType !== "subtestsFailed") yield line({ failure: told(data) });
  }
}

/** The sums at the end, such as `fail 2`. */
function* counted({ nesting, message }) {
  const [, word, count] = message.match(/^(pass|fail|cancelled|skipped|todo) (\d+)$/) ?? [];
  if (nesting === 0 && word) yield line({ word, count: Number(count) });
}

function told({ name, file, details }) {
  const { error } = details;
  return { name, file, message: error?.cause?.stack ?? error?.message ?? "no reason was given" };
}

function line(value) {
  return `${JSON.stringify(value)}\n`;
}
