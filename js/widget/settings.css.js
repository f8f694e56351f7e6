/** The settings. */
export default `
.settings { align-items: stretch; gap: 14px; text-align: start; }
.line { display: grid; gap: 5px; font-size: 0.92em; font-weight: 600; }
.line input { width: 100%; min-height: 28px; margin: 0; accent-color: var(--accent); }
.settings .secondary { align-self: flex-start; }
.settings .row { justify-content: flex-start; }
.latency h3 { font-size: 0.92em; }
.latency dl { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; margin: 6px 0; }
.latency dl div { padding: 8px 10px; border-radius: 12px; background: var(--sunken); }
.latency dt { overflow: hidden; color: var(--soft); font-size: 0.8em; text-overflow: ellipsis; }
.latency dd { font-weight: 650; font-variant-numeric: tabular-nums; }
.settings select {
  width: 100%;
  min-height: 44px;
  padding: 9px 13px;
  border: 1px solid var(--edge);
  border-radius: 13px;
  background: var(--surface);
}
`;
