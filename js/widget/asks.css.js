/** What waits for the person. */
export default `
.card {
  display: grid;
  gap: 10px;
  padding: 14px;
  border: 1px solid var(--edge);
  border-radius: 16px;
  margin-bottom: 10px;
  background: var(--sunken);
}
.card p { display: flex; gap: 8px; font-weight: 600; }
.card .glyph { color: var(--accent); }
.card pre { max-height: 110px; padding: 8px 10px; overflow: auto; border-radius: 9px; background: var(--surface); }
.card .row { justify-content: flex-start; }
.panel .card button { min-height: 38px; }
`;
