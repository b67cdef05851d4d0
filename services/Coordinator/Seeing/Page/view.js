// Only the rows in sight are in the document, so that ten thousand nodes scroll as ten do. Every text enters as text, never as markup.
const get = id => document.getElementById(id);
const many = 300;
const beyond = 8;
const closed = new Set();
let shown = [];
let places = new Map();
let chosen = 0;
let matches = [];
let matchSet = new Set();
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
