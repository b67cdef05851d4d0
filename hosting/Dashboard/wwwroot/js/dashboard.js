// What pages ask of the browser, and the keyboard shortcuts: an element says its own by data-shortcut.
(() => {
  // Where the details are and how much they take is the browser's to keep.
  const panelKey = "dashboard-panel";
  const panel = () => JSON.parse(localStorage.getItem(panelKey) ?? "{}");
  const showPanel = () => {
    const { below, share } = panel();
    document.documentElement.dataset.panel = below ? "below" : "right";
    if (share) {
      document.documentElement.style.setProperty("--panel", `${share}%`);
    } else {
      document.documentElement.style.removeProperty("--panel");
    }
  };
  const setPanel = change => {
    localStorage.setItem(panelKey, JSON.stringify({ ...panel(), ...change }));
    showPanel();
  };
  const resize = by => setPanel({ share: Math.min(75, Math.max(25, (panel().share ?? 45) + by)) });
  const ownShortcuts = {
    "Shift+T": () => setPanel({ below: !panel().below }),
    "Shift+R": () => setPanel({ share: null }),
    "Shift+X": () => document.querySelector("[data-shortcut='Escape']")?.click(),
    "Shift+S": () => document.querySelector(".top-actions [role='radio'][aria-checked='true']")?.focus(),
    "+": () => resize(5),
    "-": () => resize(-5),
  };
  showPanel();
  window.addEventListener("dashboard-theme", showPanel);

  // With caps lock a letter is still the same key.
  const nameOf = event => /^[a-z]$/i.test(event.key) ? (event.shiftKey ? `Shift+${event.key.toUpperCase()}` : event.key.toLowerCase()) : event.key;

  const typing = target => target instanceof Element
    && (target.closest("input, textarea, select, [contenteditable], fluent-text-input, fluent-textarea") !== null);

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) {
      return;
    }

    if (event.key === "Escape") {
      document.querySelector("[data-shortcut='Escape']")?.click();
      return;
    }

    // Inside a shadow tree the target is the component that holds the input.
    if (typing(event.target)) {
      return;
    }

    if (event.key === "/") {
      const field = document.querySelector("[data-shortcut='/']");
      if (field) {
        event.preventDefault();
        field.focus();
      }

      return;
    }

    const own = ownShortcuts[nameOf(event)];
    if (own) {
      event.preventDefault();
      own();
      return;
    }

    const target = [...document.querySelectorAll("[data-shortcut]")].find(one => one.dataset.shortcut === nameOf(event));
    if (target) {
      event.preventDefault();
      target.click();
    }
  });

  // A menu opens under its button, or over it where there is no room; an item that was chosen closes it.
  document.addEventListener("beforetoggle", event => {
    const menu = event.target;
    if (event.newState !== "open" || !menu.classList?.contains("menu-list")) {
      return;
    }

    const button = document.querySelector(`[popovertarget="${menu.id}"]`);
    requestAnimationFrame(() => {
      const at = button.getBoundingClientRect();
      const size = menu.getBoundingClientRect();
      const left = at.left + size.width > innerWidth - 8 ? at.right - size.width : at.left;
      const top = at.bottom + size.height + 8 > innerHeight ? Math.max(8, at.top - size.height - 4) : at.bottom + 4;
      menu.style.left = `${Math.max(8, left)}px`;
      menu.style.top = `${top}px`;
      menu.querySelector("[role='menuitem']:not(:disabled)")?.focus();
    });
  }, true);

  document.addEventListener("click", event => event.target.closest?.("[role='menuitem']")?.closest("[popover]")?.hidePopover());

  document.addEventListener("keydown", event => {
    const menu = event.target.closest?.("[role='menu']");
    if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const items = [...menu.querySelectorAll("[role='menuitem']:not(:disabled)")];
      const next = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      items[(next + items.length) % items.length]?.focus();
    }

    const tabs = event.target.closest?.("[role='tablist'], [role='radiogroup']");
    if (tabs && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      const items = [...tabs.querySelectorAll("[role='tab'], [role='radio']")];
      const next = items[(items.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1) + items.length) % items.length];
      next.focus();
      next.click();
    }
  });

  window.dashboard = {
    showDialog(dialog, show) {
      if (show && dialog && !dialog.open) {
        dialog.showModal();
      } else if (!show && dialog?.open) {
        dialog.close();
      }
    },
    timeZone() {
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    // The clipboard is closed to pages that come over plain http from another machine.
    async copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        const field = document.createElement("textarea");
        field.value = text;
        document.body.append(field);
        field.select();
        const copied = document.execCommand("copy");
        field.remove();
        return copied;
      }
    },
  };
})();
