/** The ground: what the page may set, what inherits nothing from it, and what is seen while it is closed. */
export default `
*, ::before, ::after { box-sizing: border-box; }
:host([hidden]) { display: none !important; }
.frame {
  all: initial;
  --accent: var(--offhook-accent, light-dark(#0b7a4b, #34c383));
  --accent-ink: var(--offhook-accent-ink, oklch(from var(--accent) clamp(0, (0.57 / l - 1) * 1000, 1) 0 0));
  --surface: var(--offhook-surface, light-dark(#ffffff, #14181b));
  --sunken: var(--offhook-sunken, light-dark(#f1f3f1, #20262a));
  --ink: var(--offhook-ink, light-dark(#161a18, #eceff0));
  --line: var(--offhook-line, light-dark(#dfe3e0, #2e363b));
  --shadow: var(--offhook-shadow, 0 2px 6px light-dark(#1018141a, #0006), 0 18px 48px light-dark(#10181433, #000a));
  --offset: max(var(--offhook-offset, 20px), env(safe-area-inset-left), env(safe-area-inset-right));
  --focus: light-dark(#1d5fd0, #8dbbff);
  display: block;
  color-scheme: light dark;
  color: var(--ink);
  font: var(--offhook-font-size, 15px)/1.45 var(--offhook-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
  -webkit-text-size-adjust: 100%;
  text-size-adjust: 100%;
  -webkit-tap-highlight-color: transparent;
}
.frame[data-theme="light"] { color-scheme: light; }
.frame[data-theme="dark"] { color-scheme: dark; }
.frame:not([data-form="inline"]) { position: fixed; z-index: var(--offhook-z-index, 2147483000); }
.frame[data-down="bottom"] { bottom: max(var(--offset), env(safe-area-inset-bottom)); }
.frame[data-down="top"] { top: max(var(--offset), env(safe-area-inset-top)); }
.frame[data-down="middle"]:not([data-form="inline"]) { top: 50%; translate: 0 -50%; }
.frame[data-across="end"] { inset-inline-end: var(--offset); }
.frame[data-across="start"] { inset-inline-start: var(--offset); }
.frame[data-across="right"] { right: var(--offset); }
.frame[data-across="left"] { left: var(--offset); }
.frame[data-across="center"]:not([data-form="inline"]) { left: 50%; translate: -50% 0; }
.glyph {
  width: 1.4em;
  height: 1.4em;
  flex: none;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.8;
  stroke-linecap: round;
  stroke-linejoin: round;
}
button { font: inherit; color: inherit; cursor: pointer; touch-action: manipulation; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.launcher [hidden], .launcher[hidden] { display: none; }
.pill, .icon {
  display: flex;
  align-items: center;
  max-width: calc(100vw - 2 * var(--offset));
  border-radius: 99px;
  box-shadow: var(--shadow);
  transition: transform 160ms cubic-bezier(.2, .8, .3, 1);
}
.pill:hover, .icon:hover { transform: translateY(-2px); }
.pill { gap: 2px; padding: 6px; border: 1px solid var(--line); background: var(--surface); }
.main {
  display: flex;
  align-items: center;
  gap: 11px;
  min-width: 0;
  padding: 0;
  border: 0;
  border-radius: 99px;
  background: none;
}
.pill .main { padding-inline-end: 16px; }
.mark {
  position: relative;
  display: grid;
  place-items: center;
  width: 44px;
  height: 44px;
  flex: none;
  border-radius: 50%;
  background: radial-gradient(120% 120% at 20% 10%, var(--accent), color-mix(in oklab, var(--accent) 82%, black));
  color: var(--accent-ink);
}
.icon .mark { width: 60px; height: 60px; font-size: 18px; }
.label { overflow: hidden; font-weight: 620; text-overflow: ellipsis; white-space: nowrap; }
.also {
  display: grid;
  place-items: center;
  width: 44px;
  height: 44px;
  flex: none;
  padding: 0;
  border: 0;
  border-radius: 50%;
  background: var(--sunken);
}
.also:hover { background: color-mix(in oklab, var(--sunken), var(--ink) 8%); }
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none !important; transition: none !important; }
  .pill:hover, .icon:hover { transform: none; }
}
@media (forced-colors: active) {
  .mark, .also, .pill { border: 1px solid ButtonText; }
}
`;
