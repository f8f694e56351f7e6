/** What the person has to agree to first. */
export default `
.scroll { max-width: 100%; overflow-y: auto; color: var(--soft); }
.scroll p + p { margin-top: 8px; }
.scroll a { color: var(--ink); }
`;
