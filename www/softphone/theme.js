// A classic script in the head: the choice must hold before the first paint, and a strict policy forbids inline code.
(() => {
  const KEY = "offhook.theme";
  const THEMES = ["auto", "light", "dark"];
  const NAMES = { auto: "Auto", light: "Light", dark: "Dark" };

  let theme = remembered();
  apply();
  document.addEventListener("DOMContentLoaded", () => {
    const toggle = document.querySelector('[data-testid="theme"]');
    toggle?.addEventListener("click", () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto";
      remember();
      apply();
    });
    apply();
  });

  function apply() {
    document.documentElement.dataset.theme = theme;
    const words = NAMES[/** @type {keyof typeof NAMES} */ (theme)];
    const name = document.querySelector('[data-testid="theme-name"]');
    if (name) name.textContent = words;
    document.querySelector('[data-testid="theme"]')?.setAttribute("aria-label", `Appearance: ${words}`);
  }

  /** Storage throws where cookies are blocked. */
  function remembered() {
    try {
      const found = localStorage.getItem(KEY);
      return found !== null && THEMES.includes(found) ? found : "auto";
    } catch {
      return "auto";
    }
  }

  function remember() {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // The choice holds for this visit.
    }
  }
})();
