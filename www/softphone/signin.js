import { pointCheckAt } from "./check.js";
import { part } from "./dom.js";
import { HERE, isHere, LOOPBACK, TEST_PASSWORD, TEST_USER, testToken } from "./gateway.js";

/**
 * @typedef {import("../../js/index.js").ConnectOptions} ConnectOptions
 * @typedef {import("../../js/index.js").CommonOptions} CommonOptions
 * @typedef {import("../../js/index.js").Dialect} Dialect
 * @typedef {import("../../js/index.js").Region} Region
 */

/** @type {Record<string, { server: string, dialect: Dialect }>} */
const PRESETS = {
  "here-freeswitch": { server: HERE.freeswitch, dialect: "freeswitch" },
  "here-telnyx": { server: HERE.telnyx, dialect: "telnyx" },
  telnyx: { server: "", dialect: "telnyx" },
};

/**
 * @typedef {object} Page
 * @property {{ chosen: () => Region }} region
 * @property {(options: ConnectOptions, user: string) => void} onSubmit
 * @property {() => void} onCancel
 */

/** The sign-in form. */
export class SignIn {
  #form = part(document, "sign-in-form", HTMLFormElement);
  #server = part(this.#form, "server", HTMLInputElement);
  #dialect = part(this.#form, "dialect", HTMLSelectElement);
  #environment = part(this.#form, "environment", HTMLSelectElement);
  #user = part(this.#form, "user", HTMLInputElement);
  #password = part(this.#form, "password", HTMLInputElement);
  #token = part(this.#form, "token", HTMLInputElement);
  #byToken = part(this.#form, "method-token", HTMLInputElement);
  #byPassword = part(this.#form, "method-password", HTMLInputElement);
  #getToken = part(this.#form, "get-token", HTMLButtonElement);
  #submit = part(this.#form, "sign-in", HTMLButtonElement);
  #cancel = part(this.#form, "cancel", HTMLButtonElement);
  #problem = part(this.#form, "sign-in-problem", HTMLElement);
  #region;

  /** @param {Page} page */
  constructor({ region, onSubmit, onCancel }) {
    this.#region = region;
    for (const preset of this.#presets()) preset.addEventListener("change", () => this.#choose(preset.value));
    this.#server.addEventListener("input", () => this.#changed());
    for (const choice of [this.#dialect, this.#byToken, this.#byPassword]) {
      choice.addEventListener("change", () => this.#changed());
    }
    this.#getToken.addEventListener("click", () => this.#fetchToken());
    this.#cancel.addEventListener("click", onCancel);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.showProblem("");
      onSubmit(this.#options(), this.#user.value.trim());
    });
    this.#choose("here-freeswitch");
    this.#submit.disabled = false;
  }

  focus() {
    this.#user.focus();
  }

  busy() {
    this.#setDisabled(true);
    this.#submit.textContent = "Connecting…";
    this.#cancel.hidden = false;
    this.#cancel.disabled = false;
    this.#cancel.focus();
  }

  /** @param {{ forget: boolean }} options whether the secrets leave the page: they do after a sign-in */
  idle({ forget }) {
    this.#setDisabled(false);
    this.#submit.textContent = "Sign in";
    this.#cancel.hidden = true;
    if (forget) {
      this.#token.value = "";
      this.#password.value = this.#isForTests() ? TEST_PASSWORD : "";
    }
    this.#changed();
  }

  /** @param {string} words none hides it */
  showProblem(words) {
    this.#problem.hidden = words === "";
    this.#problem.textContent = words;
    // The button that had the focus is gone.
    if (words !== "" && document.activeElement === document.body) this.#problem.focus();
  }

  #presets() {
    return /** @type {NodeListOf<HTMLInputElement>} */ (this.#form.querySelectorAll('input[name="preset"]'));
  }

  #address() {
    return this.#server.value.trim();
  }

  /** Whether test users exist there. */
  #isForTests() {
    return LOOPBACK && isHere(this.#address());
  }

  /** @param {string} name */
  #choose(name) {
    const preset = PRESETS[name];
    if (preset === undefined) return;
    this.#server.value = preset.server;
    this.#dialect.value = preset.dialect;
    const [user, password] = [this.#user, this.#password];
    if (this.#isForTests()) {
      if (user.value === "") user.value = TEST_USER;
      if (password.value === "") password.value = TEST_PASSWORD;
    } else {
      if (user.value === TEST_USER) user.value = "";
      if (password.value === TEST_PASSWORD) password.value = "";
    }
    this.#changed();
  }

  #changed() {
    const telnyx = this.#dialect.value === "telnyx";
    const cloud = this.#address() === "";
    const test = this.#isForTests();
    for (const preset of this.#presets()) {
      const { server, dialect } = PRESETS[preset.value] ?? {};
      preset.checked = this.#address() === server && this.#dialect.value === dialect;
    }
    pointCheckAt({ url: this.#address(), dialect: this.#dialect.value });
    this.#show("telnyx-options", telnyx);
    this.#show("environment-field", cloud);
    part(this.#form, "server-hint", HTMLElement).textContent =
      cloud ? "Empty: Telnyx, by region and environment." : "ws: or wss:, with the path if it has one.";

    this.#byToken.disabled = !telnyx;
    if (!telnyx) this.#byPassword.checked = true;
    const byToken = this.#byToken.checked;
    this.#show("password-field", !byToken);
    this.#show("token-field", byToken);
    this.#show("user-field", !byToken || test);
    this.#getToken.hidden = !test;
    part(this.#form, "credentials-hint", HTMLElement).textContent = hint({ byToken, telnyx, test });
    this.showProblem("");
  }

  /**
   * @param {string} name
   * @param {boolean} shown
   */
  #show(name, shown) {
    part(this.#form, name, HTMLElement).hidden = !shown;
  }

  async #fetchToken() {
    this.#getToken.disabled = true;
    try {
      this.#token.value = await testToken(this.#user.value.trim());
      this.showProblem("");
    } catch (error) {
      this.showProblem(error instanceof Error ? error.message : String(error));
    } finally {
      this.#getToken.disabled = false;
    }
  }

  /** @returns {ConnectOptions} */
  #options() {
    const address = this.#address();
    const telnyx = this.#dialect.value === "telnyx";
    /** @type {CommonOptions} */
    const common = { dialect: telnyx ? "telnyx" : "freeswitch" };
    if (address !== "") common.url = address;
    if (telnyx) common.region = this.#region.chosen();
    if (telnyx && address === "") {
      common.environment = this.#environment.value === "development" ? "development" : "production";
    }
    if (this.#byToken.checked) return { ...common, token: this.#token.value.trim() };
    return { ...common, login: this.#user.value.trim(), password: this.#password.value };
  }

  /** @param {boolean} disabled */
  #setDisabled(disabled) {
    for (const field of this.#form.elements) {
      if ("disabled" in field) field.disabled = disabled;
    }
  }
}

/** Of a secret. */
const KEPT = "kept only while the page is loaded again in a call";

/**
 * What to type.
 *
 * @param {{ byToken: boolean, telnyx: boolean, test: boolean }} where
 */
function hint({ byToken, telnyx, test }) {
  if (byToken && test) return `The test token signs the user in for an hour. It is ${KEPT}.`;
  if (byToken) return `A token from your own server. It is ${KEPT}.`;
  const who = test ? `For tests there are users 1000 to 1005, each with password ${TEST_PASSWORD}.`
    : telnyx ? `A SIP connection's user and password. The password is ${KEPT}.` : `The password is ${KEPT}.`;
  return telnyx ? who : `${who} Tokens exist with Telnyx only.`;
}
