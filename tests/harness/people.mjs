// People who call each other, each with a voice that can be told from the others'.

import { signedIn } from "./phone.mjs";

/** What each person says, in Hz. */
export const VOICES = { 1000: 620, 1001: 1500, 1002: 2300, 1003: 3100 };

/** A person, signed in. */
export async function person({ browser, gateway }, user, options) {
  const phone = await signedIn(browser, gateway, { user, ...options });
  await phone.page.evaluate((hz) => window.phone.speakTone(hz), VOICES[user]);
  return phone;
}

/** `from` calls `number`, who is `to` and answers, and both hear each other; both ends of the call. */
export async function talking(from, to, number, voice) {
  const before = (await to.all("incomingCall")).length;
  const out = await from.dial(number);
  const incoming = await to.incoming(before + 1);
  await incoming.does("answer");
  await out.reaches("active");
  await out.hears(VOICES[number]);
  await incoming.hears(voice);
  return { out, incoming };
}
