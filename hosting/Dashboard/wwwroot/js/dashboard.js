// What pages ask of the browser, and the keyboard shortcuts: an element says its own by data-shortcut.
(() => {
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

    const target = [...document.querySelectorAll("[data-shortcut]")].find(one => one.dataset.shortcut === event.key);
    if (target) {
      event.preventDefault();
      target.click();
    }
  });

  // A click beside a menu closes it.
  document.addEventListener("click", event => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target) || event.target.closest("[role='menuitem']")) {
        menu.open = false;
      }
    }
  });

  window.dashboard = {
    showDialog(dialog, show) {
      if (show && !dialog.open) {
        dialog.showModal();
      } else if (!show && dialog.open) {
        dialog.close();
      }
    },
    async copy(text) {
      await navigator.clipboard.writeText(text);
    },
    async download(name, stream) {
      const url = URL.createObjectURL(new Blob([await stream.arrayBuffer()]));
      const link = document.createElement("a");
      link.href = url;
      link.download = name;
      link.click();
      URL.revokeObjectURL(url);
    },
  };
})();
