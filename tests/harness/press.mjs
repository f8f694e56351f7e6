// Pressing something on a page as a hand does.

import { until } from "./poll.mjs";

/**
 * Presses what `find` finds: it has to be there, be seen and be enabled. Where it moves away under the hand, which then
 * hits something else or nothing, or another one takes its place, the hand follows it.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} what is to be pressed, in words
 * @param {() => Promise<import("puppeteer-core").ElementHandle | null>} find
 */
export async function press(page, what, find) {
  // A hand is in one window at a time.
  await page.bringToFront();
  await until(`${what} is pressed`, async () => {
    const handle = await find();
    if (!handle) return false;
    try {
      if (!(await handle.evaluate(expectPress))) return false;
      await handle.click();
      return await page.evaluate(() => watched.isPressed);
    } catch (error) {
      if (await handle.evaluate((button) => button.isConnected && button.checkVisibility())) throw error;
      return false;
    } finally {
      await handle.dispose();
    }
  });
}

/** In the page: whether it can be pressed and stays where it is. Then it is noted whether the next click is on it. */
async function expectPress(button) {
  const place = () => button.checkVisibility() && !button.disabled && JSON.stringify(button.getBoundingClientRect());
  const before = place();
  await new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
    // A page that is not in front yet draws nothing.
    setTimeout(resolve, 100);
  });
  if (!before || place() !== before) return false;
  watched.isPressed = false;
  // A label's click is followed by that of its field.
  if (watched.toBePressed === undefined) {
    const notice = (event) => { watched.isPressed ||= event.composedPath().includes(watched.toBePressed); };
    addEventListener("click", notice, { capture: true });
  }
  watched.toBePressed = button;
  return true;
}
