import { h } from "./dom.js";

export { default as styles } from "./bars.css.js";

const HEIGHTS = [0.45, 0.75, 1, 0.75, 0.45];

/** Bars in place of the orb. */
export class Corner {
  view() {
    return h("span", { class: "bars" }, HEIGHTS.map((height, key) => h("b", { key, style: { "--tall": `${height}` } })));
  }
}
