/** Pictures, in what is being written and in what was. */
export default `
.picture {
  max-width: min(220px, 100%);
  max-height: 200px;
  margin-bottom: 4px;
  border: 1px solid var(--line);
  border-radius: 14px;
  object-fit: cover;
}
.thumbs { display: flex; gap: 8px; padding: 0 4px 8px; }
.thumbs li { position: relative; }
.thumbs canvas {
  display: block;
  width: 56px;
  height: 56px;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--sunken);
}
.panel .thumbs button {
  position: absolute;
  inset-block-start: -7px;
  inset-inline-end: -7px;
  width: 26px;
  min-height: 26px;
  border-color: var(--line);
  background: var(--surface);
  font-size: 0.7em;
}
`;
