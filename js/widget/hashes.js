/** What the files have to be that the panel loads when it needs them. One more that is held to a hash. */
export { FILES } from "./files.js";
