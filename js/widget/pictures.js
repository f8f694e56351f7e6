/** @typedef {import("./language.js").Texts} Texts */

import { h } from "./dom.js";
import { CLOSE, icon } from "./icons.js";

export { default as styles } from "./pictures.css.js";

/** The size of the small pictures beside the text, twice for sharp screens. */
const THUMB = 96;

/** Pictures that go with a message. */
export class Corner {
  /** By which each is known from one view to the next: the same file may be there twice. @type {WeakMap<File, string>} */
  #keys = new WeakMap();
  #count = 0;

  /**
   * @param {File[]} images
   * @param {(image: File) => void} remove
   * @param {Texts} t
   */
  view(images, remove, t) {
    return h("ul", { class: "thumbs" }, images.map((image) => h("li", { key: this.#keyOf(image) },
      // A picture of it on a canvas: an address (blob:, data:) may be against the page's policy.
      h("canvas", {
        width: THUMB, height: THUMB, "aria-label": image.name, role: "img",
        ref: (/** @type {HTMLCanvasElement} */ canvas) => void draw(image, canvas),
      }),
      h("button", {
        type: "button", class: "quiet", "aria-label": `${t.remove}: ${image.name}`, onclick: () => remove(image),
      }, icon(CLOSE)))));
  }

  /** @param {File} image */
  #keyOf(image) {
    const key = this.#keys.get(image) ?? `${(this.#count += 1)}`;
    this.#keys.set(image, key);
    return key;
  }
}

/**
 * @param {File} image
 * @param {HTMLCanvasElement} canvas
 */
async function draw(image, canvas) {
  try {
    const bitmap = await createImageBitmap(image);
    const side = Math.min(bitmap.width, bitmap.height);
    const [left, top] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
    canvas.getContext("2d")?.drawImage(bitmap, left, top, side, side, 0, 0, THUMB, THUMB);
    bitmap.close();
  } catch {
    // No picture that this browser knows; the server may.
  }
}
