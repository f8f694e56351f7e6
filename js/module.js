/** Where the WebAssembly module is, in a checkout. The build puts another in place of this, which knows the hash too. */
export function address() {
  return new URL("../pkg/offhook_bg.wasm", import.meta.url);
}

/** What must come from there (Subresource Integrity); nothing in particular while it is being worked on. */
export const integrity = "";
