/** What the corners have in common. */
export default `
.view {
  display: flex;
  flex: 1 1 auto;
  flex-direction: column;
  align-items: center;
  gap: 12px;
  justify-content: safe center;
  min-height: 0;
  padding: 20px 22px 22px;
  overflow-y: auto;
  text-align: center;
}
h3, ol, ul, dl, dd, fieldset, legend, pre { margin: 0; padding: 0; }
ol, ul { list-style: none; }
fieldset { min-width: 0; border: 0; }
a { color: inherit; text-underline-offset: 2px; }
select, input { font: inherit; color: inherit; }
code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; font-size: 0.88em; }
.panel .secondary { border-color: var(--edge); }
.panel .secondary:hover { background: var(--sunken); }
.panel .small { min-height: 36px; padding: 0 14px; font-size: 0.88em; }
.row { display: flex; flex-wrap: wrap; justify-content: center; gap: 8px; }
.talk + .view { flex: none; max-height: 62%; border-top: 1px solid var(--line); }
.badge {
  display: grid;
  place-items: center;
  width: 56px;
  height: 56px;
  flex: none;
  border-radius: 50%;
  background: var(--sunken);
  font-size: 1.15em;
}
h3 { font-size: 1.16em; font-weight: 660; letter-spacing: -0.012em; }
.links { display: flex; flex-wrap: wrap; justify-content: center; gap: 4px 14px; font-size: 0.9em; }
.links a { display: inline-block; padding: 4px 0; }
@media (pointer: coarse) { select { font-size: 16px; } }
@media (max-height: 520px) { .view { flex: 1 0 auto; } }
`;
