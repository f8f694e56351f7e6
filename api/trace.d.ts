// import … from "offhook/trace": OffhookError, connect, preload, traces

export * from "./index.js";
export declare function traces(): readonly string[];
