// Only the rows in sight are in the document, so that ten thousand nodes scroll as ten do. Every text enters as text, never as markup.
const get = id => document.getElementById(id);
const many = 300;
const beyond = 8;
const closed = new Set();
let shown = [];
let places = new Map();
let chosen = 0;
let matches = [];
let playing = 0;

function make(kind, text, name) {
  const made = document.createElement(kind);
  if (text !== undefined) {
    made.textContent = text;
  }

  if (name) {
    made.className = name;
  }

  return made;
}

const number = value => value === null || value === undefined ? "–" : Number.isInteger(value) ? String(value) : value.toFixed(3);
const isNarrow = () => matchMedia("(max-width: 760px)").matches;
const rowHeight = () => isNarrow() ? 36 : 28;

function listRows() {
  shown = [];
  places = new Map();
  const waiting = [0];
  while (waiting.length > 0) {
    const at = waiting.pop();
    if (born[at] > state.at) {
      continue;
    }

    places.set(at, shown.length);
    shown.push(at);
    if (!closed.has(at)) {
      for (let i = children[at].length - 1; i >= 0; i--) {
        waiting.push(children[at][i]);
      }
    }
  }

  get("space").style.height = `${shown.length * rowHeight()}px`;
}

const bornChildren = at => children[at].filter(child => born[child] <= state.at);

function rowOf(at, place) {
  const node = nodes[at];
  const row = make("div", undefined, "row");
  row.id = `row${at}`;
  row.dataset.node = at;
  row.style.paddingLeft = `${isNarrow() ? Math.min(node.depth, 12) * 8 : 6 + Math.min(node.depth, 24) * 16}px`;
  row.setAttribute("role", "treeitem");
  row.setAttribute("aria-level", node.depth + 1);
  row.setAttribute("aria-selected", at === chosen);
  row.setAttribute("aria-posinset", place + 1);
  row.setAttribute("aria-setsize", shown.length);
  const below = bornChildren(at);
  if (below.length > 0) {
    row.setAttribute("aria-expanded", !closed.has(at));
  }

  row.classList.toggle("chosen", at === chosen);
  row.classList.toggle("path", winning.has(at));
  row.classList.toggle("hit", matches.length > 0 && matchSet.has(at));
  row.append(make("span", below.length === 0 ? "" : closed.has(at) ? "▸" : "▾", "twist"));
  const value = make("span", isValued(at) ? state.value[at].toFixed(2) : "–", isValued(at) ? "q" : "q none");
  if (isValued(at)) {
    value.style.background = colourOf(state.value[at]);
  }

  row.append(value, make("span", `N ${state.visits[at]}`, "n"), make("span", `${at} ${actionOf(node)}`, "kind"));
  const verdict = verdictOf(at);
  if (verdict) {
    row.append(make("span", `${verdict.good ? "✓" : "✗"} ${verdict.text}`, `verdict ${verdict.good ? "good" : "bad"}`));
  }

  const first = at === 0 ? data.problem.title : textOf(at, state.revision[at]).text.trim().slice(0, 400).replace(/\s+/g, " ");
  row.append(make("span", closed.has(at) ? `(${below.length} below) ${first}` : first, "words"));
  return row;
}

function paint() {
  const height = rowHeight();
  const tree = get("tree");
  const first = Math.max(0, Math.floor(tree.scrollTop / height) - beyond);
  const last = Math.min(shown.length, Math.ceil((tree.scrollTop + tree.clientHeight) / height) + beyond);
  const rows = get("rows");
  rows.style.transform = `translateY(${first * height}px)`;
  rows.replaceChildren(...shown.slice(first, last).map((at, i) => rowOf(at, first + i)));
  const active = get(`row${chosen}`);
  if (active) {
    tree.setAttribute("aria-activedescendant", active.id);
  } else {
    tree.removeAttribute("aria-activedescendant");
  }
}

function reveal(at) {
  let opened = false;
  for (let above = nodes[at].parent; above !== null; above = nodes[above].parent) {
    opened = closed.delete(above) || opened;
  }

  if (opened) {
    listRows();
  }

  const height = rowHeight();
  const tree = get("tree");
  const top = (places.get(at) || 0) * height;
  if (top < tree.scrollTop || top + height > tree.scrollTop + tree.clientHeight) {
    tree.scrollTop = Math.max(0, top - tree.clientHeight / 3);
  }
}

function choose(at) {
  if (born[at] > state.at) {
    go(born[at]);
  }

  chosen = at;
  reveal(at);
  paint();
  describe();
}

function block(parent, heading, text) {
  if (text) {
    parent.append(make("h3", heading), make("pre", text));
  }
}

function describe() {
  const panel = get("detail");
  const node = nodes[chosen];
  const crumbs = make("nav", undefined, "crumbs");
  crumbs.setAttribute("aria-label", "Path");
  for (let at = node.parent; at !== null; at = nodes[at].parent) {
    const button = make("button", `${at} ${actionOf(nodes[at])}`);
    button.type = "button";
    button.addEventListener("click", () => choose(at));
    crumbs.prepend(button);
  }

  const title = make("h2", `${winning.has(chosen) ? "★ " : ""}Node ${chosen}: ${actionOf(node)}`);
  const facts = make("dl");
  const revision = state.revision[chosen];
  const verdict = state.judged[chosen] ? node.verdict : null;
  const ended = state.at === data.events.length;
  [
    ["N, visits", state.visits[chosen]], ["Q, value", isValued(chosen) ? state.value[chosen] : null],
    ["best value", ended && node.visits > 0 ? node.best_value : null], ["P, prior", node.prior], ["r, process reward", node.process_reward],
    ["log-probability", node.log_probability], ["tokens", node.tokens], ["depth", node.depth], ["rewritings", revision],
  ].filter(([name, value]) => value !== null || name.startsWith("Q") || name.startsWith("P"))
    .filter(([name, value]) => name !== "rewritings" || value > 0)
    .forEach(([name, value]) => {
      const pair = make("div");
      pair.append(make("dt", name), make("dd", number(value)));
      facts.append(pair);
    });
  panel.replaceChildren(crumbs, title, facts);
  if (chosen === 0) {
    describeProblem(panel);
    return;
  }

  if (verdict) {
    panel.append(make("h3", "The sandbox"));
    const line = make("p", `${verdict.verdict}: ${verdict.passed} of ${verdict.total} visible tests passed, v = ${number(verdict.value)}${verdict.cached ? ", known before" : ""}`);
    line.className = verdict.verdict === "Accepted" ? "good" : "bad";
    panel.append(line);
    block(panel, "First failing test", verdict.failure || verdict.message);
  }

  const written = textOf(chosen, revision);
  block(panel, node.verdict ? "Program" : "Step", node.verdict && node.program !== null ? node.program : written.text);
  if (node.verdict && node.program !== null && node.program !== written.text) {
    block(panel, "As the model wrote it", written.text);
  }

  block(panel, "What the model said about it", state.feedback[chosen]);
  for (let i = 0; i < revision; i++) {
    block(panel, `Before rewriting ${i + 1}`, textOf(chosen, i).text);
  }

  describeSight(panel, node);
}

function describeSight(panel, node) {
  panel.append(make("h3", "What the model saw"));
  const sight = sightOf(node.node);
  for (const message of sight.messages) {
    panel.append(make("p", message.role, "role"), make("pre", message.content));
  }

  panel.append(make("p", "assistant, which it went on from", "role"), make("pre", sight.answer));
  const sampling = node.sampling === null ? {} : data.sampling[node.sampling];
  const words = Object.entries(sampling).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join("\n");
  block(panel, "How it was sampled", `seed of the request = ${node.seed}\n${words}`);
}

function describeProblem(panel) {
  block(panel, data.problem.title, data.problem.statement);
  block(panel, "Signature", data.problem.signature);
  block(panel, `${data.problem.generated_tests ? "Tests that the model wrote" : "Visible tests"} (${data.problem.hidden_tests} more judged the result)`,
    data.problem.visible_tests.join("\n"));
  const said = data.judgement;
  block(panel, "The judgement by all tests", said && `${said.verdict}: ${said.passed} of ${said.total} tests passed, ${said.hidden_passed} of ${said.hidden_total} hidden. ${said.message}`);
  block(panel, "Options", JSON.stringify(data.options, null, 1));
  block(panel, "Budget", JSON.stringify(data.budget, null, 1));
  block(panel, "Model", JSON.stringify(data.model, null, 1));
  block(panel, "Cost", data.totals && JSON.stringify(data.totals, null, 1));
  block(panel, "Hash of the tree", data.tree_hash);
}

function go(at) {
  moveTo(Math.max(0, Math.min(data.events.length, at)));
  if (born[chosen] > state.at) {
    chosen = 0;
  }

  listRows();
  paint();
  describe();
  get("slider").value = state.at;
  const event = state.at > 0 ? data.events[state.at - 1] : null;
  const said = { added: "added", judged: "judged", rollout: "rollout to", revised: "rewrote", reflected: "words about", compared: "compared" };
  get("when").textContent = `${state.at} / ${data.events.length}${event ? `: ${said[event.kind]} ${event.node}` : ": before the search"}`;
}

function play() {
  if (playing) {
    cancelAnimationFrame(playing);
    playing = 0;
    get("play").textContent = "▶";
    return;
  }

  if (state.at === data.events.length) {
    go(0);
  }

  // The whole search takes half a minute at most, a short one a quarter of a second an event.
  const rate = Math.max(4, data.events.length / 30) / 1000;
  let last = performance.now();
  let owed = 0;
  get("play").textContent = "❚❚";
  const frame = now => {
    owed += (now - last) * rate;
    last = now;
    const whole = Math.floor(owed);
    if (whole > 0) {
      owed -= whole;
      go(state.at + whole);
    }

    if (state.at === data.events.length) {
      playing = 0;
      get("play").textContent = "▶";
    } else {
      playing = requestAnimationFrame(frame);
    }
  };
  playing = requestAnimationFrame(frame);
}

let matchSet = new Set();
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
