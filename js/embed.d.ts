// One script tag defines `<offhook-agent>`; there is nothing to import.
import "./widget.js";

export {};
