/** What failed. */
export default `
.trouble .badge { background: color-mix(in oklab, var(--danger) 14%, var(--surface)); color: var(--danger); }
.trouble > p { color: var(--soft); text-wrap: balance; }
.fine { font-size: 0.84em; }
.reference { display: flex; align-items: center; justify-content: center; flex-wrap: wrap; font-size: 0.84em; }
.reference code { margin-inline-start: 5px; color: var(--ink); overflow-wrap: anywhere; user-select: all; }
.panel .reference .quiet { width: 30px; min-height: 30px; }
.notice {
  display: flex;
  align-items: center;
  gap: 8px;
  min-height: 44px;
  padding: 4px 6px 4px 14px;
  margin-bottom: 10px;
  border-radius: 14px;
  background: light-dark(#fdf2d9, #33270f);
  color: light-dark(#5f3d00, #ffd58a);
  font-size: 0.92em;
  font-weight: 560;
}
.notice span { flex: 1; }
.panel .notice button { color: inherit; }
`;
