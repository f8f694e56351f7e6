// Loaded before every file of tests. A failed test may leave a server open, for which Node would wait for ever: a
// minute after the last test its file ends all the same, and has failed. (Node 20's own `--test-force-exit` loses what a
// file has told.)

import { after } from "node:test";

const PATIENCE = 60_000;

// Only where tests are run: the program that starts these files loads it, too.
if (process.env.NODE_TEST_CONTEXT) {
  after(() => {
    const leave = () => {
      console.error(`${process.argv[1]} ends, though something is open still: a test has not stopped what it started`);
      process.exit(1);
    };
    setTimeout(leave, PATIENCE).unref();
  });
}
