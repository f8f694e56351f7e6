/** The open widget. */
export default `
.frame {
  --soft: var(--offhook-soft, light-dark(#555d59, #a9b3b8));
  --edge: color-mix(in oklab, var(--line) 40%, var(--soft));
  --danger: var(--offhook-danger, light-dark(#c02626, #f0867f));
  --danger-ink: oklch(from var(--danger) clamp(0, (0.57 / l - 1) * 1000, 1) 0 0);
  --bubble: var(--offhook-bubble, var(--accent));
  --bubble-ink: var(--offhook-bubble-ink, oklch(from var(--bubble) clamp(0, (0.57 / l - 1) * 1000, 1) 0 0));
  --orb-from: var(--offhook-orb-from, light-dark(#12a566, #2cc986));
  --orb-to: var(--offhook-orb-to, oklch(from var(--orb-from) calc(l + 0.12) c calc(h + 55)));
  --radius: var(--offhook-radius, 22px);
}
.unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
[data-live="true"] .mark::after {
  content: "";
  position: absolute;
  inset: -4px;
  border: 2px solid var(--accent);
  border-radius: 50%;
  animation: live 1.8s ease-out infinite;
}
@keyframes live { from { opacity: 1; transform: scale(0.92); } to { opacity: 0; transform: scale(1.22); } }
.panel {
  display: flex;
  flex-direction: column;
  width: min(var(--offhook-width, 392px), calc(100vw - 2 * var(--offset)));
  height: min(var(--offhook-height, 660px), calc(100dvh - 2 * var(--offset)));
  overflow: hidden;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: var(--surface);
  box-shadow: var(--shadow);
  overscroll-behavior: contain;
  animation: arrive 200ms cubic-bezier(.2, .8, .3, 1);
}
.panel:focus { outline: 0; }
.panel[hidden] { display: none; }
@keyframes arrive { from { opacity: 0; transform: translateY(10px) scale(0.985); } }
[data-form="inline"] .panel { width: 100%; box-shadow: none; animation: none; }
h2, p { margin: 0; padding: 0; }
textarea { font: inherit; color: inherit; }

header { display: flex; min-height: 62px; align-items: center; gap: 4px; padding: 12px 12px 10px 18px; }
[dir="rtl"] header { padding: 12px 18px 10px 12px; }
.logo { width: 34px; height: 34px; margin-inline-end: 8px; border-radius: 9px; object-fit: contain; }
.title { flex: 1; min-width: 0; }
h2 {
  overflow: hidden;
  font-size: 1.04em;
  font-weight: 660;
  letter-spacing: -0.01em;
  line-height: 1.3;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.status { display: flex; align-items: center; gap: 7px; color: var(--soft); font-size: 0.85em; }
.status::before { content: ""; width: 8px; height: 8px; flex: none; border-radius: 50%; background: var(--edge); }
.status:is([data-phase="listening"], [data-phase="speaking"], [data-phase="thinking"], [data-phase="toolRunning"])::before {
  background: var(--accent);
}
.status:is([data-phase="connecting"], [data-phase="recovering"], [data-phase="waiting"], [data-phase="permission"])::before {
  background: #d08a10;
  animation: breathe 1.3s ease-in-out infinite;
}
.status[data-phase="error"]::before { background: var(--danger); }
@keyframes breathe { 50% { opacity: 0.3; } }

.panel button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  gap: 8px;
  min-height: 44px;
  padding: 0 18px;
  border: 1px solid transparent;
  border-radius: 99px;
  background: none;
  font-weight: 600;
  transition: background-color 120ms, transform 80ms;
}
.panel button:active:not(:disabled) { transform: scale(0.97); }
.panel button:disabled { cursor: default; opacity: 0.45; }
.panel .quiet { width: 40px; min-height: 40px; padding: 0; color: var(--soft); }
.panel .quiet:hover { background: var(--sunken); color: var(--ink); }
.panel .primary { background: var(--accent); color: var(--accent-ink); }
.panel .primary:hover:not(:disabled) { background: color-mix(in oklab, var(--accent) 90%, var(--ink)); }
.panel .large { min-height: 52px; padding: 0 26px; font-size: 1.06em; }

.stage {
  display: flex;
  align-items: center;
  gap: 14px;
  padding: 6px 18px 14px;
  border-bottom: 1px solid var(--line);
}
.stage.large {
  flex: 1 1 0;
  flex-direction: column;
  justify-content: center;
  gap: 30px;
  min-height: 190px;
  padding: 18px;
  border: 0;
  text-align: center;
}
.said { min-width: 0; }
.phase { font-weight: 640; }
.large .phase { font-size: 1.25em; letter-spacing: -0.015em; }
.hint { color: var(--soft); font-size: 0.9em; }
.large .hint { min-height: 1.45em; margin-top: 3px; font-size: 1em; }
.orb { --said: 0; --heard: 0; position: relative; width: 46px; height: 46px; flex: none; border-radius: 50%; }
.large .orb { width: clamp(104px, 26vh, 172px); height: clamp(104px, 26vh, 172px); }
.orb i { position: absolute; inset: 0; border-radius: 50%; transition: transform 90ms linear, opacity 90ms linear; }
.halo {
  background: radial-gradient(closest-side, color-mix(in oklab, var(--orb-from) 55%, transparent), transparent);
  opacity: calc(0.35 + 0.65 * var(--said));
  transform: scale(calc(1.22 + 0.5 * var(--said)));
}
.body {
  overflow: hidden;
  background: var(--orb-to);
  scale: calc(0.9 + 0.16 * var(--heard));
  box-shadow: 0 8px 28px color-mix(in oklab, var(--orb-from) 40%, transparent);
}
.body::before, .body::after {
  content: "";
  position: absolute;
  inset: -30%;
  border-radius: 50%;
  animation: turn 12s linear infinite;
}
.body::before {
  background: radial-gradient(circle at 30% 34%, var(--orb-from) 8%, transparent 48%), radial-gradient(circle at 72% 62%, color-mix(in oklab, var(--orb-from) 72%, black) 4%, transparent 46%);
}
.body::after {
  background: radial-gradient(circle at 66% 26%, color-mix(in oklab, var(--orb-to) 55%, white), transparent 34%), radial-gradient(circle at 30% 74%, color-mix(in oklab, var(--orb-from), var(--orb-to) 60%), transparent 42%);
  animation-duration: 17s;
  animation-direction: reverse;
}
.glow {
  background: radial-gradient(circle at 34% 22%, #fffc, #fff3 30%, transparent 55%);
  mix-blend-mode: soft-light;
  scale: calc(0.9 + 0.16 * var(--heard));
  box-shadow: inset 0 -10px 30px #0003;
}
@keyframes turn { to { rotate: 1turn; } }
[data-phase="thinking"] .body::before, [data-phase="toolRunning"] .body::before { animation-duration: 2.4s; }
[data-phase="thinking"] .body::after, [data-phase="toolRunning"] .body::after { animation-duration: 3.4s; }
[data-phase="connecting"] .orb, [data-phase="permission"] .orb { animation: breathe 1.6s ease-in-out infinite; }
[data-phase="recovering"] .orb, [data-phase="waiting"] .orb { filter: grayscale(0.85); opacity: 0.75; }
[data-visualizer="bars"] .orb i, [data-visualizer="none"] .orb { display: none; }

.welcome {
  display: flex;
  flex-direction: column;
  align-items: center;
  gap: 6px;
  padding: 0 24px 22px;
  text-align: center;
}
.headline { font-size: 1.5em; font-weight: 680; letter-spacing: -0.022em; line-height: 1.2; text-wrap: balance; }
.intro { color: var(--soft); text-wrap: balance; }
.welcome .primary { margin-top: 16px; }

.talk { position: relative; display: flex; flex: 1 1 0; min-height: 0; }
.log {
  display: flex;
  flex: 1;
  flex-direction: column;
  gap: 4px;
  min-width: 0;
  padding: 12px 18px;
  overflow-y: auto;
  overscroll-behavior: contain;
  scrollbar-width: thin;
  scrollbar-color: var(--edge) transparent;
}
.log:focus-visible { outline-offset: -3px; border-radius: 8px; }
.log > :first-child { margin-top: auto; }
.item { display: flex; flex-direction: column; align-items: flex-start; max-width: 88%; }
.item.user { align-items: flex-end; align-self: flex-end; }
.bubble {
  max-width: 100%;
  padding: 9px 14px;
  border-radius: 18px;
  background: var(--sunken);
  overflow-wrap: anywhere;
}
.assistant .bubble { border-end-start-radius: 6px; }
.user .bubble { border-end-end-radius: 6px; background: var(--bubble); color: var(--bubble-ink); }
.plain { white-space: pre-wrap; }
[data-status="partial"].assistant .bubble > p:last-of-type::after {
  content: "";
  display: inline-block;
  width: 2px;
  height: 1em;
  margin-inline-start: 3px;
  vertical-align: -2px;
  background: var(--soft);
  animation: breathe 1s steps(2) infinite;
}
.unheard { color: var(--soft); text-decoration-color: color-mix(in oklab, var(--soft) 70%, transparent); }
.meta {
  display: flex;
  align-items: center;
  gap: 4px;
  min-height: 26px;
  padding-inline: 6px;
  color: var(--soft);
  font-size: 0.77em;
  font-variant-numeric: tabular-nums;
}
.panel .meta .quiet { width: 26px; min-height: 26px; opacity: 0; }
.item:hover .meta .quiet, .meta .quiet:focus-visible { opacity: 1; }
@media (hover: none) { .panel .meta .quiet { opacity: 1; } }
.dots { display: flex; gap: 5px; padding: 15px 16px; }
.dots i {
  width: 7px;
  height: 7px;
  border-radius: 50%;
  background: currentColor;
  opacity: 0.7;
  animation: hop 1.1s ease-in-out infinite;
}
.dots i:nth-child(2) { animation-delay: 140ms; }
.dots i:nth-child(3) { animation-delay: 280ms; }
@keyframes hop { 30% { transform: translateY(-4px); } 60% { transform: none; } }
.panel .latest {
  position: absolute;
  inset-block-end: 8px;
  left: 50%;
  min-height: 34px;
  padding: 0 14px 0 10px;
  border-color: var(--line);
  background: var(--surface);
  box-shadow: 0 4px 16px #0003;
  font-size: 0.84em;
  translate: -50% 0;
}

.notices { padding: 0 16px; }

.composer { padding: 2px 14px 12px; }
.field {
  display: flex;
  align-items: flex-end;
  gap: 2px;
  padding: 3px;
  border: 1px solid var(--edge);
  border-radius: 25px;
  background: var(--surface);
}
.field:focus-within { outline: 2px solid var(--focus); outline-offset: -1px; }
.field :focus-visible { outline: none; }
.field textarea {
  flex: 1;
  min-width: 0;
  max-height: 130px;
  padding: 9px 4px;
  overflow-y: auto;
  resize: none;
  border: 0;
  outline: 0;
  background: none;
  line-height: 1.4;
  field-sizing: content;
}
.field textarea::placeholder { color: var(--soft); opacity: 1; }
.clip {
  position: relative;
  display: grid;
  place-items: center;
  width: 40px;
  height: 40px;
  flex: none;
  border-radius: 50%;
  color: var(--soft);
  cursor: pointer;
}
.clip:hover { background: var(--sunken); color: var(--ink); }
.clip:focus-within { outline: 2px solid var(--focus); outline-offset: -2px; }
.panel .send {
  width: 40px;
  min-height: 40px;
  flex: none;
  padding: 0;
  background: var(--accent);
  color: var(--accent-ink);
}
.panel .send:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.panel .send:disabled { background: var(--sunken); color: var(--soft); opacity: 1; }

.controls { display: flex; align-items: center; justify-content: center; gap: 10px; padding: 4px 16px 16px; }
.panel .round { width: 48px; min-height: 48px; padding: 0; background: var(--sunken); }
.panel .round:hover:not(:disabled) { background: color-mix(in oklab, var(--sunken), var(--ink) 9%); }
.panel .round[aria-pressed="true"] { background: var(--ink); color: var(--surface); }
.panel .end { min-height: 48px; padding: 0 22px; background: var(--danger); color: var(--danger-ink); }
.panel .end:hover { background: color-mix(in oklab, var(--danger) 88%, var(--ink)); }

.view { flex: 1; padding: 20px; text-align: center; }

@media (max-width: 480px) {
  .frame[data-open="true"]:not([data-form="inline"]) { inset: 0; translate: none; height: var(--seen, 100dvh); }
  .frame:not([data-form="inline"]) .panel {
    width: 100%;
    height: 100%;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
    border: 0;
    border-radius: 0;
  }
}
@media print { .frame:not([data-form="inline"]) { display: none; } }
@media (max-height: 520px) {
  .panel { overflow-y: auto; }
  .stage.large { flex: 1 0 auto; gap: 8px; min-height: 0; padding: 8px; }
  .large .orb { width: 64px; height: 64px; }
  .talk { flex: 1 0 170px; }
}
@media (pointer: coarse) { textarea { font-size: 16px; } }
@media (prefers-reduced-motion: reduce) {
  .panel .halo, .panel .body, .panel .glow { transform: none; scale: 1; }
  .panel .halo { opacity: 0.4; transform: scale(1.2); }
}
`;
