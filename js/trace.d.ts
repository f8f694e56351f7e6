export * from "./index.js";

/**
 * What each of this page's clients was told so far, oldest first, as text: by the application, the gateway, the browser
 * and the clock. Secrets are not in it: each is replaced by a name. Numbers, names and custom headers are. At most the
 * last eight clients are kept, and of each the first 4 MB.
 *
 * The viewer, `trace.html` beside the softphone, tells the same client the same again, and shows what it did; so does
 * `cargo run -p offhook-gateway -- replay FILE`, in words.
 */
export declare function traces(): readonly string[];
