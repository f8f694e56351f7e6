import { part } from "./dom.js";
import { HERE, isHere, LOOPBACK, TEST_PASSWORD, testToken } from "./gateway.js";

/**
 * @typedef {import("../../src/types.d.ts").ConnectOptions} ConnectOptions
 * @typedef {import("../../src/types.d.ts").CommonOptions} CommonOptions
 * @typedef {import("../../src/types.d.ts").Dialect} Dialect
 * @typedef {import("../../src/types.d.ts").Region} Region
 */

/** @type {Record<string, { server: string, dialect: Dialect }>} */
const PRESETS = {
  "here-freeswitch": { server: HERE.freeswitch, dialect: "freeswitch" },
  "here-telnyx": { server: HERE.telnyx, dialect: "telnyx" },
  telnyx: { server: "", dialect: "telnyx" },
};

/**
 * The sign-in form.
 *
 * @param {{ region: { chosen: () => Region }, onSubmit: (options: ConnectOptions, user: string) => void,
 *   onCancel: () => void }} page
 */
export function createSignIn({ region, onSubmit, onCancel }) {
  const form = part(document, "sign-in-form", HTMLFormElement);
  const server = part(form, "server", HTMLInputElement);
  const dialect = part(form, "dialect", HTMLSelectElement);
  const environment = part(form, "environment", HTMLSelectElement);
  const user = part(form, "user", HTMLInputElement);
  const password = part(form, "password", HTMLInputElement);
  const token = part(form, "token", HTMLInputElement);
  const byToken = part(form, "method-token", HTMLInputElement);
  const byPassword = part(form, "method-password", HTMLInputElement);
  const getToken = part(form, "get-token", HTMLButtonElement);
  const submit = part(form, "sign-in", HTMLButtonElement);
  const cancel = part(form, "cancel", HTMLButtonElement);
  const problem = part(form, "sign-in-problem", HTMLElement);

  for (const preset of presets()) preset.addEventListener("change", () => choose(preset.value));
  server.addEventListener("input", changed);
  dialect.addEventListener("change", changed);
  byToken.addEventListener("change", changed);
  byPassword.addEventListener("change", changed);
  getToken.addEventListener("click", fetchToken);
  cancel.addEventListener("click", onCancel);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    showProblem("");
    onSubmit(options(), user.value.trim());
  });

  choose("here-freeswitch");
  submit.disabled = false;
  return { busy, idle, showProblem, focus: () => user.focus() };

  function presets() {
    return /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('input[name="preset"]'));
  }

  /** @param {string} name */
  function choose(name) {
    const preset = PRESETS[name];
    if (preset === undefined) return;
    server.value = preset.server;
    dialect.value = preset.dialect;
    const test = LOOPBACK && isHere(preset.server);
    if (test && user.value === "") user.value = "1000";
    if (test && password.value === "") password.value = TEST_PASSWORD;
    if (!test && password.value === TEST_PASSWORD) password.value = "";
    if (!test && user.value === "1000") user.value = "";
    changed();
  }

  function changed() {
    const telnyx = dialect.value === "telnyx";
    const cloud = server.value.trim() === "";
    const test = LOOPBACK && isHere(server.value.trim());
    for (const preset of presets()) {
      const { server: address, dialect: spoken } = PRESETS[preset.value] ?? {};
      preset.checked = server.value.trim() === address && dialect.value === spoken;
    }
    part(form, "telnyx-options", HTMLElement).hidden = !telnyx;
    part(form, "environment-field", HTMLElement).hidden = !cloud;
    part(form, "server-hint", HTMLElement).textContent = cloud
      ? "Empty: Telnyx, by region and environment." : "ws: or wss:, with the path if it has one.";

    byToken.disabled = !telnyx;
    if (!telnyx) byPassword.checked = true;
    part(form, "password-field", HTMLElement).hidden = byToken.checked;
    part(form, "token-field", HTMLElement).hidden = !byToken.checked;
    part(form, "user-field", HTMLElement).hidden = byToken.checked && !test;
    getToken.hidden = !test;
    part(form, "credentials-hint", HTMLElement).textContent = hintOf({ telnyx, test });
    showProblem("");
  }

  /** @param {{ telnyx: boolean, test: boolean }} where */
  function hintOf({ telnyx, test }) {
    if (byToken.checked) return test ? "The test token signs the user in for an hour. It is not stored." : "A token from your own server. It is not stored.";
    if (test) return `For tests there are users 1000 to 1005, each with password ${TEST_PASSWORD}.${telnyx ? "" : " Tokens exist with Telnyx only."}`;
    return telnyx ? "A SIP connection's user and password. The password is not stored." : "The password is not stored. Tokens exist with Telnyx only.";
  }

  async function fetchToken() {
    getToken.disabled = true;
    try {
      token.value = await testToken(user.value.trim());
      showProblem("");
    } catch (error) {
      showProblem(error instanceof Error ? error.message : String(error));
    } finally {
      getToken.disabled = false;
    }
  }

  /** @returns {ConnectOptions} */
  function options() {
    const address = server.value.trim();
    const telnyx = dialect.value === "telnyx";
    /** @type {CommonOptions} */
    const common = { dialect: telnyx ? "telnyx" : "freeswitch" };
    if (address !== "") common.url = address;
    if (telnyx) common.region = region.chosen();
    if (telnyx && address === "") common.environment = environment.value === "development" ? "development" : "production";
    if (byToken.checked) return { ...common, token: token.value.trim() };
    return { ...common, login: user.value.trim(), password: password.value };
  }

  function busy() {
    setDisabled(true);
    submit.textContent = "Connecting…";
    cancel.hidden = false;
    cancel.disabled = false;
    cancel.focus();
  }

  /** @param {{ forget: boolean }} options whether the secrets leave the page: they do after a sign-in */
  function idle({ forget }) {
    setDisabled(false);
    submit.textContent = "Sign in";
    cancel.hidden = true;
    if (forget) {
      token.value = "";
      password.value = LOOPBACK && isHere(server.value.trim()) ? TEST_PASSWORD : "";
    }
    changed();
  }

  /** @param {boolean} disabled */
  function setDisabled(disabled) {
    for (const field of form.elements) {
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLButtonElement) {
        field.disabled = disabled;
      }
    }
  }

  /** @param {string} words none hides it */
  function showProblem(words) {
    problem.hidden = words === "";
    problem.textContent = words;
    // The button that had the focus is gone.
    if (words !== "" && document.activeElement === document.body) problem.focus();
  }
}
