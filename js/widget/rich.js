import { behindMark, markdown } from "./markdown.js";

export { default as styles } from "./rich.css.js";

/** What an agent says in more than plain words. */
export class Corner {
  markdown = markdown;
  behindMark = behindMark;
}
