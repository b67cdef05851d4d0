"use strict";

// The search as it stood after some of its events. The data is what docs/search-tree.md describes.
const data = JSON.parse(document.getElementById("data").textContent);
const nodes = data.nodes;
const winning = new Set(data.winning_path);
const children = nodes.map(() => []);
for (const node of nodes) {
  if (node.parent !== null) {
    children[node.parent].push(node.node);
  }
}

const born = new Array(nodes.length).fill(Infinity);
born[0] = 0;
data.events.forEach((event, i) => {
  if (event.kind === "added") {
    born[event.node] = i + 1;
  }
});

const state = { at: -1, visits: [], value: [], judged: [], revision: [], feedback: [] };

// Replays from the nearest point: forward event by event, backward from the start.
function moveTo(at) {
  if (state.at < 0 || at < state.at) {
    state.at = 0;
    state.visits = new Int32Array(nodes.length);
    state.value = new Float64Array(nodes.length);
    state.judged = new Uint8Array(nodes.length);
    state.revision = new Int32Array(nodes.length);
    state.feedback = new Array(nodes.length).fill(null);
  }

  for (; state.at < at; state.at++) {
    const event = data.events[state.at];
    if (event.kind === "rollout") {
      for (const [node, visits, value] of event.changes) {
        state.visits[node] = visits;
        state.value[node] = value;
      }
    } else if (event.kind === "judged") {
      state.judged[event.node] = 1;
    } else if (event.kind === "revised") {
      state.revision[event.node]++;
      state.judged[event.node] = 0;
    } else if (event.kind === "reflected") {
      state.feedback[event.node] = event.text;
    }
  }
}

// Whether Q says anything yet.
const isValued = number => state.visits[number] > 0 || state.value[number] !== 0;

const range = data.events.reduce(
  (found, event) => (event.changes || []).reduce(([low, high], change) => [Math.min(low, change[2]), Math.max(high, change[2])], found),
  [0, 1]);

// Red over yellow to blue-green: told apart by lightness too, and the number stands in it.
function colourOf(value) {
  const part = (value - range[0]) / (range[1] - range[0]);
  return `hsl(${Math.round(8 + part * 150)} 68% ${Math.round(66 + 6 * Math.sin(part * Math.PI))}%)`;
}

// The text of a node after so many rewritings.
function textOf(number, revision) {
  const node = nodes[number];
  return revision < (node.earlier || []).length ? node.earlier[revision] : node;
}

// What the model read before it wrote a node: chats and the words of the answer so far.
function sightOf(number) {
  const sight = { messages: [], answer: "" };
  for (const piece of nodes[number].saw) {
    if (piece.chat !== undefined) {
      sight.messages.push(...data.chats[piece.chat]);
    } else if (piece.path !== undefined) {
      const before = sightOf(piece.path);
      const written = textOf(piece.path, piece.revision || 0);
      sight.messages.push(...before.messages);
      sight.answer += before.answer + written.text.slice(written.given) + written.tail;
    } else {
      sight.answer += piece.text;
    }
  }

  return sight;
}

const actionNames = {
  root: "Problem", define_structure: "Outline", refine: "Refine", code: "Program", think: "Thought", improve: "Improve", fix: "Fix",
  rewrite: "Rewrite",
};

const actionOf = node => actionNames[node.action] || node.action;

function verdictOf(number) {
  const verdict = state.judged[number] ? nodes[number].verdict : null;
  return verdict && { good: verdict.verdict === "Accepted", text: `${verdict.passed}/${verdict.total} ${verdict.verdict}` };
}

// What a search looks through, in small letters; made when it is first needed.
const searchable = [];
function wordsOf(number) {
  if (searchable[number] === undefined) {
    const node = nodes[number];
    const verdict = node.verdict;
    searchable[number] = [
      `node ${number}`, actionOf(node), node.text, node.program, node.feedback, verdict && verdict.verdict, verdict && verdict.message,
      verdict && verdict.failure, number === 0 ? data.problem.statement : "",
    ].filter(Boolean).join("\n").toLowerCase();
  }

  return searchable[number];
}
