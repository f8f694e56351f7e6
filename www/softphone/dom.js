/**
 * The element that carries `data-testid`. The markup and the tests use the same name, so one cannot move alone.
 *
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} name
 * @param {new () => T} type
 * @returns {T}
 */
export function part(root, name, type) {
  const found = root.querySelector(`[data-testid="${name}"]`);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} "${name}"`);
  return found;
}

/**
 * A copy of a template's only element.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function copyOf(id) {
  const template = document.getElementById(id);
  if (!(template instanceof HTMLTemplateElement)) throw new Error(`the page has no template "${id}"`);
  const copy = template.content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`the template "${id}" is empty`);
  return copy;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]> & { testid?: string }} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, { testid, ...properties } = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  if (testid !== undefined) element.dataset.testid = testid;
  element.append(...children);
  return element;
}

/**
 * Changes a symbol in a `<use>`.
 *
 * @param {Element} use
 * @param {string} symbol
 */
export function setIcon(use, symbol) {
  use.setAttribute("href", `icons.svg#${symbol}`);
}
