// Makes a snippet of what is chosen, and shows what it does.

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/** The version that the snippet names. */
const CDN = "https://cdn.jsdelivr.net/npm/offhook@0.1.0/pkg/embed.js";

const LANGUAGES = ["ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "tr", "zh"];

const form = /** @type {HTMLFormElement} */ (part("options"));
const preview = part("preview");
const snippet = part("snippet");
const copied = part("copied");

/** What a field says where nothing was chosen. @type {Map<string, string>} */
const defaults = new Map();

const integrity = await hash();
fill();
form.addEventListener("input", show);
part("copy").addEventListener("click", copy);
show();

/** The languages in themselves, and the gateway that serves this page. */
function fill() {
  const languages = part("languages");
  for (const code of LANGUAGES) {
    const option = new Option(new Intl.DisplayNames([code], { type: "language" }).of(code), code);
    option.lang = code;
    languages.append(option);
  }
  for (const field of fields()) defaults.set(field.name, value(field));
  const { href } = new URL("telnyx", location.href.replace(/^http/, "ws"));
  const given = { "agent-id": "assistant-demo", url: href, dialect: "telnyx", form: "pill" };
  for (const [name, text] of Object.entries(given)) {
    /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = text;
  }
}

function show() {
  const chosen = fields().map((field) => /** @type {const} */ ([field.name, value(field)]))
    .filter(([name, text]) => text !== "" && text !== defaults.get(name));
  const attributes = chosen.filter(([name]) => !name.startsWith("--"));
  const styles = chosen.filter(([name]) => name.startsWith("--"));

  const element = document.createElement("offhook-agent");
  for (const [name, text] of attributes) element.setAttribute(name, text === "on" ? "" : text);
  for (const [name, text] of styles) element.style.setProperty(name, text);
  preview.replaceChildren(element);

  const said = attributes.map(([name, text]) => (text === "on" ? ` ${name}` : ` ${name}="${escaped(text)}"`)).join("");
  const rules = styles.map(([name, text]) => `  ${name}: ${text};\n`).join("");
  snippet.textContent = `<script type="module" src="${CDN}"\n`
    + `  integrity="${integrity}" crossorigin="anonymous"></script>\n`
    + (rules && `<style>\noffhook-agent {\n${rules}}\n</style>\n`) + `<offhook-agent${said}></offhook-agent>\n`;
  copied.textContent = "";
}

async function copy() {
  try {
    await navigator.clipboard.writeText(snippet.textContent ?? "");
    copied.textContent = "Copied.";
  } catch {
    getSelection()?.selectAllChildren(snippet);
    copied.textContent = "It is selected: copy it with the keyboard.";
  }
}

/** What the loader has to be, as this build is. */
async function hash() {
  const answer = await fetch("pkg/integrity.json");
  const { "embed.js": of } = await answer.json();
  return /** @type {string} */ (of);
}

function fields() {
  const named = [...form.elements].filter((field) => "name" in field && field.name);
  return /** @type {Field[]} */ (named);
}

/** @param {Field} field */
function value(field) {
  if (field.type === "checkbox") return /** @type {HTMLInputElement} */ (field).checked ? "on" : "";
  return field.value === "" ? "" : field.value + (field.dataset.unit ?? "");
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&"<]/g, (mark) => ({ "&": "&amp;", '"': "&quot;", "<": "&lt;" })[mark] ?? mark);
}

/** @param {string} name */
function part(name) {
  return /** @type {HTMLElement} */ (document.querySelector(`[data-testid="${name}"]`));
}

export {};
