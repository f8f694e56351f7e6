/** Tools: those that ran, and those that wait for the person. */
export default `
.asks { padding: 0 16px; }
.tool {
  display: flex;
  align-items: center;
  align-self: center;
  gap: 6px;
  margin: 4px 0 8px;
  padding: 4px 12px 4px 9px;
  border: 1px solid var(--line);
  border-radius: 99px;
  color: var(--soft);
  font-size: 0.84em;
}
.tool code { color: var(--ink); }
.tool:is([data-status="running"], [data-status="approval"]) .glyph {
  color: var(--accent);
  animation: breathe 1.1s ease-in-out infinite;
}
.tool:is([data-status="failed"], [data-status="refused"]) .glyph { color: var(--danger); }
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
