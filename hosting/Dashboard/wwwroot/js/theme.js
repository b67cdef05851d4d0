// Loaded before anything is painted: the page never shows the other theme first.
(() => {
  const key = "dashboard-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");

  const get = () => {
    const kept = localStorage.getItem(key);
    return kept === "light" || kept === "dark" ? kept : "system";
  };

  const apply = () => {
    const choice = get();
    const dark = choice === "dark" || (choice === "system" && system.matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    // Fluent's own components read the theme from the body.
    document.body?.setAttribute("data-theme", dark ? "dark" : "light");
    window.dispatchEvent(new CustomEvent("dashboard-theme", { detail: dark ? "dark" : "light" }));
  };

  system.addEventListener("change", apply);
  window.addEventListener("storage", event => event.key === key && apply());
  document.addEventListener("DOMContentLoaded", apply);

  // Who follows a link before the page is connected gets the other page's <html> as the server wrote it.
  new MutationObserver(() => document.documentElement.dataset.theme || apply())
    .observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  window.dashboardTheme = {
    get,
    set(choice) {
      localStorage.setItem(key, choice);
      apply();
    },
  };
  apply();
})();
