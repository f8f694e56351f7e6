/** Where the module that judges is, in a checkout. The build puts another in place of this, which knows its hash. */
export function address() {
  return new URL("../../pkg/quality_bg.wasm", import.meta.url);
}

/** What must come from there (Subresource Integrity); nothing in particular while it is being worked on. */
export const integrity = "";
