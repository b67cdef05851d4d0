// Search, keys, buttons, and the beginning.
function find() {
  const wanted = get("search").value.trim().toLowerCase();
  matches = wanted.length === 0 ? [] : nodes.filter(node => wordsOf(node.node).includes(wanted)).map(node => node.node);
  matchSet = new Set(matches);
  get("hits").textContent = wanted.length === 0 ? "" : matches.length === 1 ? "1 match" : `${matches.length} matches`;
  paint();
}

function nextMatch(backwards) {
  if (matches.length > 0) {
    const rest = backwards ? matches.filter(at => at < chosen).reverse() : matches.filter(at => at > chosen);
    choose(rest.length > 0 ? rest[0] : backwards ? matches[matches.length - 1] : matches[0]);
  }
}

function closeAll() {
  nodes.filter(node => node.depth > 0 && children[node.node].length > 0).forEach(node => closed.add(node.node));
  if (!places.has(chosen) || nodes[chosen].depth > 1) {
    chosen = 0;
  }

  listRows();
  paint();
  describe();
}

function openAll() {
  closed.clear();
  listRows();
  reveal(chosen);
  paint();
}

const best = () => {
  if (data.winning_path.length > 0) {
    choose(data.winning_path[data.winning_path.length - 1]);
  }
};

function toggle(at) {
  if (bornChildren(at).length > 0) {
    closed.has(at) ? closed.delete(at) : closed.add(at);
    listRows();
    paint();
  }
}

function onTreeKey(event) {
  const place = places.get(chosen) || 0;
  const page = Math.max(1, Math.floor(get("tree").clientHeight / rowHeight()) - 1);
  const to = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + page, PageUp: place - page, Home: 0, End: shown.length - 1 }[event.key];
  if (to !== undefined) {
    choose(shown[Math.max(0, Math.min(shown.length - 1, to))]);
  } else if (event.key === "ArrowRight") {
    const below = bornChildren(chosen);
    closed.has(chosen) ? toggle(chosen) : below.length > 0 && choose(below[0]);
  } else if (event.key === "ArrowLeft") {
    const open = bornChildren(chosen).length > 0 && !closed.has(chosen);
    open ? toggle(chosen) : nodes[chosen].parent !== null && choose(nodes[chosen].parent);
  } else if (event.key === "Enter") {
    get("detail").focus();
  } else {
    return;
  }

  event.preventDefault();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "INPUT") {
    return;
  }

  const act = {
    "/": () => get("search").focus(), w: best, e: openAll, c: closeAll, ",": () => go(state.at - 1), ".": () => go(state.at + 1),
    " ": event.target.tagName === "BUTTON" ? undefined : play,
  }[event.key];
  if (act) {
    act();
    event.preventDefault();
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

function begin() {
  const ends = {
    solved: ["solved", "good"], hidden_tests_failed: ["hidden tests failed", "bad"], budget_spent: ["budget spent", "bad"],
    cancelled: ["cancelled", ""], failed: ["failed", "bad"], unfinished: ["unfinished", ""],
  };
  const [words, colour] = ends[data.ended] || [data.ended, ""];
  document.title = `${data.problem.title}: search tree`;
  get("title").textContent = data.problem.title;
  get("ended").textContent = words + (data.torn_tail ? ", log torn" : "");
  get("ended").className = `badge ${colour}`;
  const rollouts = data.events.filter(event => event.kind === "rollout").length;
  const programs = nodes.filter(node => node.verdict).length;
  get("facts").textContent = [
    data.options.method || data.options.strategy, `${rollouts} rollouts`, `${nodes.length} nodes`, `${programs} programs judged`,
    data.model.model_id + (data.model.adapter ? ` + ${data.model.adapter}` : ""), `seed ${data.options.seed}`, data.search_id, data.failure,
  ].filter(Boolean).join(" · ");
  get("low").textContent = number(range[0]);
  get("high").textContent = number(range[1]);
  document.querySelector(".scale").style.background =
    `linear-gradient(90deg, ${[0, 0.25, 0.5, 0.75, 1].map(part => colourOf(range[0] + part * (range[1] - range[0]))).join(", ")})`;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  setTheme(dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => setTheme(dark.matches ? "dark" : "light"));
  get("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  get("slider").max = data.events.length;
  get("slider").addEventListener("input", () => go(Number(get("slider").value)));
  get("back").addEventListener("click", () => go(state.at - 1));
  get("step").addEventListener("click", () => go(state.at + 1));
  get("play").addEventListener("click", play);
  get("win").addEventListener("click", best);
  get("win").disabled = data.winning_path.length === 0;
  get("open").addEventListener("click", openAll);
  get("close").addEventListener("click", closeAll);
  get("next").addEventListener("click", () => nextMatch(false));
  get("search").addEventListener("input", find);
  get("search").addEventListener("keydown", event => {
    if (event.key === "Enter") {
      nextMatch(event.shiftKey);
    } else if (event.key === "Escape") {
      get("search").value = "";
      find();
      get("tree").focus();
    }
  });
  get("tree").addEventListener("scroll", paint, { passive: true });
  get("tree").addEventListener("keydown", onTreeKey);
  get("tree").addEventListener("click", event => {
    const row = event.target.closest(".row");
    if (row) {
      const at = Number(row.dataset.node);
      event.target.className === "twist" ? toggle(at) : choose(at);
    }
  });
  document.addEventListener("keydown", onKey);
  addEventListener("resize", () => {
    listRows();
    paint();
  });
  if (nodes.length > many) {
    nodes.filter(node => node.depth > 0 && children[node.node].length > 0 && !winning.has(node.node)).forEach(node => closed.add(node.node));
  }

  go(data.events.length);
  choose(data.winning_path.length > 0 ? data.winning_path[data.winning_path.length - 1] : 0);
}

begin();
