// Pictures on their way into a message, before a browser that draws nothing: how large, how many, and which are none.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import * as images from "../../js/agent/images.js";
import { wrongOption } from "../../js/error.js";
import { kind } from "../../js/options.js";

const readImages = (all) => images.readImages(all, { kind, wrongOption });

/** Of what is larger a browser makes nothing, in characters. */
const MOST_OF_A_CANVAS = 10_000_000;

/** Characters of base64 for each pixel, at the best quality. */
let density;
let bitmaps;
let drawn;

class Canvas {
  getContext() {
    const { width, height } = this;
    const steps = [];
    drawn.push({ width, height, steps });
    return {
      set fillStyle(color) {
        steps.push(color);
      },
      fillRect: (...where) => steps.push(`fill ${where}`),
      drawImage: (_, ...where) => steps.push(`draw ${where}`),
    };
  }

  toBlob(take, type, quality) {
    const size = Math.round(this.width * this.height * density * quality);
    take(size > MOST_OF_A_CANVAS ? null : new Blob(["x".repeat(size)], { type }));
  }
}

/** As a browser's, of what it is asked here. */
class Reader {
  async readAsDataURL(blob) {
    this.result = `data:${blob.type};base64,${await blob.text()}`;
    this.onload();
  }
}

before(() => {
  const createImageBitmap = async (blob) => {
    const [, width, height] = /^(\d+)x(\d+)$/.exec(await blob.text()) ?? [];
    if (!width) throw new DOMException("not an image", "InvalidStateError");
    const bitmap = { width: Number(width), height: Number(height), isOpen: true, close: () => (bitmap.isOpen = false) };
    bitmaps.push(bitmap);
    return bitmap;
  };
  Object.assign(globalThis, { createImageBitmap, document: { createElement: () => new Canvas() }, FileReader: Reader });
});
after(() => {
  for (const name of ["createImageBitmap", "document", "FileReader"]) delete globalThis[name];
});
beforeEach(() => {
  density = 0.01;
  bitmaps = [];
  drawn = [];
});

const picture = (width, height) => new Blob([`${width}x${height}`], { type: "image/png" });

test("a picture is drawn anew as JPEG on white, and its bitmap let go", async () => {
  const [url] = await readImages([picture(800, 600)]);
  assert.match(url, /^data:image\/jpeg;base64,/);
  assert.deepEqual(drawn, [{ width: 800, height: 600, steps: ["white", "fill 0,0,800,600", "draw 0,0,800,600"] }]);
  assert.deepEqual(bitmaps.map(({ isOpen }) => isOpen), [false]);
});

for (const [from, to] of [[[6_272, 3_136], [1_568, 784]], [[10, 31_360], [1, 1_568]], [[1, 1], [1, 1]], [[1_568, 20_000], [123, 1_568]]]) {
  test(`${from.join(" by ")} pixels become ${to.join(" by ")}`, async () => {
    await readImages([picture(...from)]);
    assert.deepEqual([drawn[0].width, drawn[0].height], to);
  });
}

test("what does not fit becomes smaller and coarser until it does", async () => {
  density = 1;
  const [url] = await readImages([picture(1_500, 1_500)]);
  assert.ok(url.length <= 1_000_000 && url.length > 100_000, `${url.length}`);
  assert.ok(drawn.length > 1);
});

test("several share the room, and together fit into one message", async () => {
  density = 1;
  const urls = await readImages(Array.from({ length: 8 }, () => picture(700, 700)));
  assert.ok(urls.join("").length <= 1_000_000, `${urls.join("").length}`);
});

test("what never fits is refused, and let go", async () => {
  density = 100;
  await assert.rejects(readImages([picture(1_500, 1_500)]), { code: 44002, option: "images[0]" });
  assert.deepEqual(bitmaps.map(({ isOpen }) => isOpen), [false]);
});

test("an address on the web goes as it is; a data: URL is drawn anew, though nothing may be fetched", async () => {
  const data = `data:image/png;base64,${btoa("20x10")}`;
  const [web, own] = await readImages(["https://a.example/p.svg", data]);
  assert.equal(web, "https://a.example/p.svg");
  assert.match(own, /^data:image\/jpeg;/);
});

for (const [what, image] of [
  ["a page", new Blob(["<p>"], { type: "text/html" })], ["a page in a URL", "data:text/html;base64,AA=="], ["code", "javascript:alert(1)"],
  ["an address without encryption", "http://a.example/p.png"], ["an address with a space", "https://a.example/ p"],
  ["what is not base64", "data:image/png;base64,="], ["a picture's text", "data:image/svg+xml,<svg/>"], ["nothing", null], ["a number", 5],
]) {
  test(`${what} is refused, with its place`, async () => {
    await assert.rejects(readImages([picture(1, 1), image]), { kind: "misuse", code: 44002, option: "images[1]" });
  });
}
