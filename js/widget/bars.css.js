/** The level of both sides as bars, which is also what forced colours leave of the orb. */
export default `
.bars { position: absolute; inset: 8%; display: none; align-items: center; justify-content: space-between; }
.bars b {
  width: 13%;
  height: calc(14% + 86% * var(--tall) * max(var(--heard), var(--said)));
  border-radius: 99px;
  background: linear-gradient(var(--orb-to), var(--orb-from));
  transition: height 90ms linear;
}
[data-visualizer="bars"] .bars { display: flex; }
@media (prefers-reduced-motion: reduce) { .panel .bars b { height: calc(14% + 60% * var(--tall)); } }
@media (forced-colors: active) {
  .panel button, .field, .bubble, .orb { border: 1px solid ButtonText; }
  .panel .round[aria-pressed="true"] { background: Highlight; color: HighlightText; }
  .orb i { display: none; }
  .bars { display: flex; inset: 22%; }
  .bars b { background: CanvasText; forced-color-adjust: none; }
}
`;
