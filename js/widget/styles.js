// How the widget looks, as the server says.

/** The custom properties by which a page themes the widget. */
export const TOKENS = [
  "accent", "accent-ink", "surface", "sunken", "ink", "soft", "line", "danger", "bubble", "bubble-ink",
  "orb-from", "orb-to", "font", "font-size", "radius", "shadow", "width", "height", "offset", "z-index",
];

/** So many of them, the first ones, are colours. */
const COLOURS = 12;

/** Values that could make the browser fetch something. */
const FETCHES = /url|image|src|attr|@|\\/i;

/** Takes over what the server says of the looks; what the page says itself is stronger. */
export class Corner {
  #shell;

  /** @param {import("./panel.js").Around} around */
  constructor({ shell }) {
    this.#shell = shell;
  }

  /** @param {import("../agent.js").WidgetSettings} settings */
  apply({ customStyles = {}, audioVisualizer }) {
    const { element, frame } = this.#shell;
    const { color = "" } = audioVisualizer ?? {};
    // Other names than the browser's are a server's own: what they look like is not known.
    const styles = { ...customStyles, ...(CSS.supports("color", color) && { "orb-from": color }) };
    const said = getComputedStyle(element);
    for (const [name, value] of Object.entries(styles)) {
      const token = name.replace(/^--(?:offhook-)?/, "");
      const property = `--offhook-${token}`;
      const place = TOKENS.indexOf(token);
      const isFree = place >= 0 && said.getPropertyValue(property) === "";
      if (isFree && (place < COLOURS ? CSS.supports("color", value) : !FETCHES.test(value))) frame.style.setProperty(property, value);
    }
  }
}
