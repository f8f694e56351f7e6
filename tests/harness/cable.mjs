// A cable between a page and the gateway: it can be cut, and stay so.

import { connect, createServer } from "node:net";

/** Passes bytes to and from the gateway at `url`. The cable's own `url` has the same path. */
export async function startCable(url) {
  const { hostname, port, pathname } = new URL(url);
  const pairs = new Set();
  /** How many sockets are still refused. */
  let refused = 0;
  const server = createServer((near) => {
    if (refused > 0) {
      refused -= 1;
      return near.destroy();
    }
    const far = connect(Number(port), hostname);
    const pair = [near, far];
    pairs.add(pair);
    const drop = () => {
      pairs.delete(pair);
      for (const end of pair) end.destroy();
    };
    for (const end of pair) end.on("error", drop).on("close", drop);
    near.pipe(far).pipe(near);
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const pair of pairs) for (const end of pair) end.destroy();
  };
  return {
    url: `ws://127.0.0.1:${server.address().port}${pathname}`,
    /** Every socket breaks; new ones pass. */
    cut,
    /** Every socket breaks, and so many new ones do, or all until it is `mend`ed. */
    pull(attempts = Infinity) {
      refused = attempts;
      cut();
    },
    mend() {
      refused = 0;
    },
    stop() {
      cut();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
