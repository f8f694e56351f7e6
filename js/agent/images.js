/**
 * How what is wrong is said, which the entry knows.
 *
 * @typedef {Pick<typeof import("../options.js"), "kind"> & Pick<typeof import("../error.js"), "wrongOption">} Words
 */

/** What all images of a message may have together, in characters: one frame of a WebSocket has to hold them. */
const MOST = 1_000_000;

/** No model sees more than this many pixels a side. */
const LARGEST_SIDE = 1_568;

const QUALITIES = [0.85, 0.7, 0.5, 0.3];

/**
 * Images as a message carries them. Pictures are drawn anew, smaller where they are too large: what cameras write beside
 * them, such as the place, does not leave the page. Addresses of pictures on the web go as they are.
 *
 * @param {readonly unknown[]} images
 * @param {Words} words
 */
export async function readImages(images, words) {
  const room = Math.floor(MOST / Math.max(1, images.length));
  return Promise.all(images.map((image, index) => readImage(image, `images[${index}]`, room, words)));
}

/**
 * @param {unknown} image
 * @param {string} name
 * @param {number} room
 * @param {Words} words
 */
async function readImage(image, name, room, { kind, wrongOption }) {
  if (typeof image === "string" && /^https:\/\/\S+$/i.test(image)) return image;
  const blob = typeof image === "string" ? decode(image) : image;
  if (!(blob instanceof Blob)) throw wrongOption(name, kind(image), "a Blob, a data: URL or an https: URL");
  const bitmap = await createImageBitmap(blob).catch(() => {
    throw wrongOption(name, blob.type || "a Blob", "an image that the browser can read");
  });
  try {
    const drawn = await draw(bitmap, room);
    if (drawn) return drawn;
    throw wrongOption(name, `${bitmap.width} by ${bitmap.height} pixels`, "an image that fits into a message");
  } finally {
    bitmap.close();
  }
}

/**
 * As large as there is room for; nothing if there is none.
 *
 * @param {ImageBitmap} bitmap
 * @param {number} room
 */
async function draw(bitmap, room) {
  let scale = Math.min(1, LARGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  for (const quality of QUALITIES) {
    const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    // JPEG knows no transparency: what shines through would be black.
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((/** @type {BlobCallback} */ resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    const url = blob && await encode(blob);
    if (url && url.length <= room) return url;
    scale *= 0.7;
  }
  return undefined;
}

/** @param {Blob} blob @returns {Promise<string>} */
function encode(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** @param {string} url of which a strict page may not fetch anything */
function decode(url) {
  const [, type, data] = /^data:(image\/[\w.+-]+);base64,([\w+/=]+)$/.exec(url) ?? [];
  try {
    return data && new Blob([Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0))], { type: String(type) });
  } catch {
    return undefined;
  }
}
