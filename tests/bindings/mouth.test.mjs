// The microphone of a conversation that began in writing, where the person chooses faster than the browser opens.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Mouth } from "../../js/widget/mouth.js";
import { quiet } from "./reports-scene.mjs";

/** A browser that grants a microphone when the test says so, by device. */
function granting() {
  const waiting = new Map();
  const getUserMedia = ({ audio }) => new Promise((resolve) => waiting.set(audio.deviceId?.exact ?? "default", resolve));
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices: { getUserMedia } }, configurable: true });
  return (device) => {
    const track = { device, enabled: true, isStopped: false, stop: () => (track.isStopped = true) };
    waiting.get(device)({ getAudioTracks: () => [track] });
    return track;
  };
}

/** A call that notes what it is spoken into. */
function scripted() {
  const spoken = [];
  return { spoken, processAudio: async (process) => void spoken.push(process().device) };
}

for (const [name, order] of [["the later one", ["headset", "default"]], ["the earlier one", ["default", "headset"]]]) {
  test(`the microphone chosen last is spoken into, though ${name} opens first`, async () => {
    const [grant, call] = [granting(), scripted()];
    const mouth = new Mouth(call, () => {});

    const opened = [mouth.open(undefined), mouth.open("headset")];
    const tracks = {};
    for (const device of order) {
      tracks[device] = grant(device);
      await quiet();
    }
    await Promise.all(opened);

    assert.equal(mouth.track, tracks.headset);
    assert.equal(call.spoken.at(-1), "headset");
    assert.deepEqual([tracks.default.isStopped, tracks.headset.isStopped], [true, false]);
  });
}

test("one that opens after the call is over is closed, and not spoken into", async () => {
  const [grant, call] = [granting(), scripted()];
  const mouth = new Mouth(call, () => {});

  const opened = mouth.open(undefined);
  mouth.close();
  const track = grant("default");
  await opened;

  assert.deepEqual([track.isStopped, call.spoken], [true, []]);
});
