/** A failure, and what the person has to agree to first. */
export default `
.trouble .badge { background: color-mix(in oklab, var(--danger) 14%, var(--surface)); color: var(--danger); }
.trouble > p { color: var(--soft); text-wrap: balance; }
.fine { font-size: 0.84em; }
.reference { display: flex; align-items: center; justify-content: center; flex-wrap: wrap; font-size: 0.84em; }
.reference code { margin-inline-start: 5px; color: var(--ink); overflow-wrap: anywhere; user-select: all; }
.panel .reference .quiet { width: 30px; min-height: 30px; }
`;
