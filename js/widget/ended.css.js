/** The end of a conversation. */
export default `
.over { gap: 14px; }
.why { font-weight: 600; }
.thanks { display: flex; gap: 6px; color: var(--soft); }
.feedback { display: grid; justify-items: center; gap: 8px; width: 100%; }
.feedback legend { width: 100%; color: var(--soft); }
.stars { display: flex; justify-content: center; }
.star {
  position: relative;
  display: grid;
  place-items: center;
  width: 44px;
  height: 44px;
  border-radius: 50%;
  color: var(--soft);
  cursor: pointer;
  font-size: 1.2em;
}
.star:hover { background: var(--sunken); }
.star.full { color: light-dark(#b26b00, #ffc14d); }
.star.full .glyph { fill: currentColor; }
.star:focus-within { outline: 2px solid var(--focus); outline-offset: -3px; }
.feedback textarea {
  width: 100%;
  min-height: 44px;
  padding: 9px 13px;
  border: 1px solid var(--edge);
  border-radius: 13px;
  background: var(--surface);
  resize: none;
}
@media (forced-colors: active) { .star { border: 1px solid ButtonText; } .star.full { border-color: Highlight; } }
`;
