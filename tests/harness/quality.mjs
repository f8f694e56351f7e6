// A page whose calls are judged, as a test sees it.

import { until } from "./poll.mjs";

/** Has a signed-in phone watch how good its calls are. */
export async function withQuality(phone, options = {}) {
  await phone.page.evaluate(begin, options);
  return new Judged(phone.page);
}

/** Runs in the page. */
async function begin(options) {
  const { toCsv, watchQuality } = await import("/js/quality.js");
  // How busy the machine is that runs the tests is none of their business.
  delete window.PressureObserver;
  window.quality = await watchQuality(window.client, options);
  window.qualityLog = [];
  window.csvOf = (id) => toCsv(window.quality.of(window.phone.calls.get(id)));
  for (const event of ["sample", "warning", "milestone", "timings", "verdict", "error"]) {
    window.quality.on(event, ({ call, ...told }) => {
      window.qualityLog.push({ event, id: call?.id, told: performance.now(), ...told });
    });
  }
}

class Judged {
  constructor(page) {
    this.page = page;
  }

  /** Everything that was told under this name, of one call if it is given. */
  async all(event, call) {
    const log = await this.page.evaluate((name) => window.qualityLog.filter((entry) => entry.event === name), event);
    return log.filter(({ id }) => call === undefined || id === call.id);
  }

  /** Waits until it has told this, `count` times. */
  tells(event, call, { count = 1, ...bound } = {}) {
    return until(`${event} is told`, async () => (await this.all(event, call))[count - 1], bound);
  }

  /** Waits until a warning is raised, or cleared; how long that took since `from`, in seconds. */
  async warns(name, raised, call, from, bound) {
    const isIt = (warning) => warning.name === name && warning.raised === raised && warning.told >= from;
    const what = `${name} is ${raised ? "raised" : "cleared"}`;
    const { told } = await until(what, async () => (await this.all("warning", call)).find(isIt), bound);
    return (told - from) / 1000;
  }

  now() {
    return this.page.evaluate(() => performance.now());
  }

  csv(call) {
    return this.page.evaluate((id) => window.csvOf(id), call.id);
  }

  /** Ends it, so that nothing of it is left. */
  over() {
    return this.page.evaluate(() => window.quality[Symbol.dispose]());
  }
}
