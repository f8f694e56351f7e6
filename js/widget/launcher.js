import { MESSAGE, WAVE } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";

/** What is seen of the closed widget. */
export class Launcher {
  #label = make("span", "label");
  #mark = make("span", "mark", draw(WAVE));
  #main = button("main", "launcher", this.#mark, this.#label);
  #also = button("also", "launcher-text", draw(MESSAGE));
  node = make("div", "launcher", this.#main, this.#also);

  /**
   * @param {() => void} open
   * @param {() => void} write
   */
  constructor(open, write) {
    this.#main.onclick = open;
    this.#also.onclick = write;
  }

  /**
   * @param {{ isSeen: boolean, isPill: boolean, isBoth: boolean, label: string, write: string, news: string }} what
   */
  show({ isSeen, isPill, isBoth, label, write, news }) {
    this.node.hidden = !isSeen;
    this.node.className = isPill ? "launcher pill" : "launcher icon";
    this.node.dataset.live = `${news !== ""}`;
    this.#label.textContent = news || label;
    this.#label.hidden = !isPill;
    this.#also.hidden = !isPill || !isBoth || news !== "";
    this.#main.ariaLabel = news ? `${label}: ${news}` : label;
    this.#also.ariaLabel = write;
  }

  focus() {
    this.#main.focus();
  }
}

/**
 * @param {string} className
 * @param {string} part
 * @param {...Element} inner
 */
function button(className, part, ...inner) {
  const made = /** @type {HTMLButtonElement} */ (make("button", className, ...inner));
  made.type = "button";
  made.ariaHasPopup = "dialog";
  made.setAttribute("part", part);
  return made;
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {...Element} inner
 */
function make(tag, className, ...inner) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...inner);
  return made;
}

/** @param {string} path */
function draw(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "glyph");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.ariaHidden = "true";
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
