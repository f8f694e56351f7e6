import { part } from "../softphone/dom.js";
import { HERE, isHere, LOOPBACK, TEST_PASSWORD, TEST_USER } from "../softphone/gateway.js";

/** @typedef {import("../../js/check.js").CheckOptions} CheckOptions */
/** @typedef {import("../../js/index.js").Dialect} Dialect */

/** The gateway's echo service, and FreeSWITCH's. */
const ECHO = "9196";

const CALL_HINTS = {
  loopback: "Between two ends in this page, over the TURN servers if there are any. Nobody is called.",
  echo: "A real call to a number that sends back what you say. Elsewhere than here it may cost money.",
  none: "How a call sounds is not measured.",
};

/** What is to be checked, as the form says it. */
export class Options {
  #form = part(document, "options-form", HTMLFormElement);
  #url = part(document, "url", HTMLInputElement);
  #dialect = part(document, "dialect", HTMLSelectElement);

  constructor() {
    const asked = new URLSearchParams(location.search);
    const dialect = asked.get("dialect") === "telnyx" ? "telnyx" : "freeswitch";
    this.#dialect.value = dialect;
    this.#url.value = asked.get("url") ?? (LOOPBACK ? HERE[dialect] : "");
    if (LOOPBACK) {
      this.#field("user").value = TEST_USER;
      this.#field("password").value = TEST_PASSWORD;
    }
    this.#field("number").value = ECHO;
    this.#dialect.addEventListener("change", () => {
      if (isHere(this.#url.value)) this.#url.value = HERE[this.#chosenDialect()];
    });
    // Keys in its fields must not load the page again.
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("input", () => this.#show());
    this.#show();
  }

  /** @returns {CheckOptions} */
  read() {
    const url = this.#url.value.trim();
    const where = { dialect: this.#chosenDialect(), ...(url && { url }) };
    const iceServers = this.#iceServers();
    const servers = iceServers.length > 0 ? { iceServers } : {};
    const common = { expectSpeech: true, microphoneSeconds: 4, ...where, ...servers };
    const call = this.#call();
    if (call !== "echo") return { ...common, call: call === "none" ? false : "loopback" };
    const [login, password] = [this.#text("user"), this.#field("password").value];
    return {
      ...common, signIn: { ...where, ...servers, login, password }, call: { destinationNumber: this.#text("number") },
    };
  }

  #iceServers() {
    const urls = this.#text("turn").split(/[\s,]+/).filter(Boolean);
    const [username, credential] = [this.#text("username"), this.#field("credential").value];
    return urls.map((one) => ({ urls: one, ...(username && { username, credential }) }));
  }

  #call() {
    const chosen = new FormData(this.#form).get("call");
    return chosen === "echo" || chosen === "none" ? chosen : "loopback";
  }

  /** @returns {Dialect} */
  #chosenDialect() {
    return this.#dialect.value === "telnyx" ? "telnyx" : "freeswitch";
  }

  #show() {
    const call = this.#call();
    part(document, "caller", HTMLElement).hidden = call !== "echo";
    part(document, "call-hint", HTMLElement).textContent = CALL_HINTS[call];
    const hint = this.#url.value.trim() ? "" : "Empty: Telnyx, in the nearest region.";
    part(document, "url-hint", HTMLElement).textContent = hint;
  }

  /** @param {string} name */
  #field(name) {
    return part(document, name, HTMLInputElement);
  }

  /** @param {string} name */
  #text(name) {
    return this.#field(name).value.trim();
  }
}
