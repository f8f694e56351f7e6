/** An agent's Markdown. */
export default `
ol, ul, pre { margin: 0; padding: 0; }
a { color: inherit; text-underline-offset: 2px; }
code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; font-size: 0.88em; }
.bubble > * + * { margin-top: 7px; }
.bubble ul, .bubble ol { padding-inline-start: 1.3em; list-style: disc; }
.bubble ol { list-style: decimal; }
.bubble pre {
  max-width: 100%;
  padding: 9px 11px;
  overflow-x: auto;
  border-radius: 10px;
  background: var(--surface);
  white-space: pre;
}
.bubble :not(pre) > code {
  padding: 1px 5px;
  border-radius: 5px;
  background: color-mix(in oklab, var(--sunken), var(--ink) 9%);
}
`;
