// The lines of the Console page. They are kept and drawn here, so that filtering, wrapping and scrolling ask nothing of the
// server. Lines stand in blocks that the browser leaves out of layout and painting while they are out of sight.
const mostLines = 20000;
const blockSize = 100;
const lineHeight = 18;
const colours = 8;

export function attach(view) {
  // Left again before this script came.
  if (!view) {
    return { start() {}, add() {} };
  }

  const part = name => view.querySelector(`[data-console='${name}']`);
  const frame = part("lines");
  const content = frame.appendChild(document.createElement("div"));
  const kept = new Map(Object.entries(JSON.parse(localStorage.getItem("dashboard-console") ?? "{}")));
  const options = { wrap: kept.get("wrap") ?? innerWidth <= 640, time: kept.get("time") ?? true, utc: kept.get("utc") ?? false };
  const sources = new Map();
  let lines = [];
  let held = [];
  let blocks = [];
  let shown = 0;
  let dropped = 0;
  let filter = "";
  let errorsOnly = false;
  let paused = false;
  let many = true;
  let name = "all";
  let following = true;
  let drawing = false;
  let lastTop = 0;
  let lastHeight = 0;

  const two = number => String(number).padStart(2, "0");
  const time = at => {
    if (at === null) {
      return "";
    }

    const date = new Date(at);
    const ms = String(date.getUTCMilliseconds()).padStart(3, "0");
    return options.utc
      ? `${date.toISOString().slice(11, 19)}.${ms}Z`
      : `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
  };

  const text = line => line.text ??= line.p.map(one => one[0]).join("");
  const matches = line => (!errorsOnly || line.e) && (filter === "" || text(line).toLowerCase().includes(filter)
    || (many && sources.get(line.s).name.toLowerCase().includes(filter)));

  const span = (className, content) => {
    const element = document.createElement("span");
    element.className = className;
    element.textContent = content;
    return element;
  };

  // The text of one stretch, with what the filter looks for marked.
  const fill = (element, content) => {
    if (filter === "") {
      element.append(content);
      return;
    }

    const lower = content.toLowerCase();
    let from = 0;
    for (let at = lower.indexOf(filter); at >= 0; at = lower.indexOf(filter, from)) {
      const mark = document.createElement("mark");
      mark.textContent = content.slice(at, at + filter.length);
      element.append(content.slice(from, at), mark);
      from = at + filter.length;
    }

    element.append(content.slice(from));
  };

  const build = line => {
    const row = document.createElement("div");
    row.className = line.e ? "line error" : "line";
    if (line.e) {
      row.title = "Standard error";
    }

    if (options.time) {
      row.append(span("time", time(line.t)));
    }

    if (many) {
      const source = sources.get(line.s);
      row.append(span(`source source-${source.colour}`, source.name));
    }

    const message = span("message", "");
    for (const [content, classes, style] of line.p) {
      if (classes === "" && style === "") {
        fill(message, content);
      } else {
        const piece = span(classes, "");
        if (style !== "") {
          piece.style.cssText = style;
        }

        fill(piece, content);
        message.append(piece);
      }
    }

    row.append(message);
    return row;
  };

  const append = line => {
    let block = blocks.at(-1);
    if (!block || block.lines.length === blockSize) {
      block = { element: document.createElement("div"), lines: [] };
      block.element.className = "block";
      blocks.push(block);
      content.append(block.element);
    }

    block.element.append(build(line));
    block.lines.push(line);
    block.element.style.containIntrinsicBlockSize = `auto ${block.lines.length * lineHeight}px`;
    shown++;
  };

  const state = () => {
    const number = new Intl.NumberFormat("en");
    part("count").textContent = shown === lines.length ? `${number.format(lines.length)} lines` : `${number.format(shown)} of ${number.format(lines.length)} lines`;
    part("count").title = dropped > 0 ? `${number.format(dropped)} older lines were dropped` : "";
    part("empty").hidden = shown > 0;
    part("newest").hidden = following || shown === 0;
    part("pause-text").textContent = paused ? (held.length > 0 ? `Resume (${number.format(held.length)} new)` : "Resume") : "Pause";
    part("pause").title = paused ? "Resume" : "Pause";
    part("pause").setAttribute("aria-label", paused ? "Resume" : "Pause");
    for (const [key, on] of Object.entries({ ...options, pause: paused, errors: errorsOnly })) {
      part(key).setAttribute("aria-pressed", on);
    }

    part("utc").hidden = !options.time;
    frame.classList.toggle("wrap", options.wrap);
  };

  // Once a frame: asking for a height makes the browser lay out what has come.
  let scrolling = false;
  const toNewest = () => {
    if (!scrolling) {
      scrolling = true;
      requestAnimationFrame(() => {
        scrolling = false;
        if (following) {
          frame.scrollTop = frame.scrollHeight;
        }
      });
    }
  };

  const redraw = () => {
    drawing = false;
    content.replaceChildren();
    blocks = [];
    shown = 0;
    lines.forEach(line => matches(line) && append(line));
    state();
    if (following) {
      toNewest();
    }
  };

  // Several changes before the next frame are drawn once.
  const redrawSoon = () => {
    if (!drawing) {
      drawing = true;
      requestAnimationFrame(redraw);
    }
  };

  const trim = () => {
    const over = lines.length - mostLines;
    if (over <= 0) {
      return;
    }

    const gone = new Set(lines.splice(0, over));
    dropped += over;
    while (blocks.length > 0 && blocks[0].lines.every(line => gone.has(line))) {
      shown -= blocks[0].lines.length;
      blocks.shift().element.remove();
    }

    if (blocks.length > 0) {
      const rest = blocks[0].lines.filter(line => !gone.has(line));
      for (let at = blocks[0].lines.length - rest.length; at > 0; at--) {
        blocks[0].element.firstChild.remove();
        shown--;
      }

      blocks[0].lines = rest;
    }
  };

  const take = batch => {
    const last = lines.length > 0 ? lines.at(-1).t ?? 0 : 0;
    const inOrder = batch.every((line, at) => (line.t ?? 0) >= (at === 0 ? last : batch[at - 1].t ?? 0));
    lines.push(...batch);
    if (inOrder && !drawing) {
      batch.forEach(line => matches(line) && append(line));
      trim();
      state();
      if (following) {
        toNewest();
      }
    } else {
      // A resource's older lines have come after newer ones of another. Sorting keeps the order of equal times.
      if (!inOrder) {
        lines.sort((one, other) => (one.t ?? 0) - (other.t ?? 0));
      }

      dropped += Math.max(0, lines.length - mostLines);
      lines.splice(0, lines.length - mostLines);
      redrawSoon();
    }
  };

  const option = (key, value) => {
    options[key] = value;
    localStorage.setItem("dashboard-console", JSON.stringify(options));
    redraw();
  };

  const on = (key, action) => part(key).addEventListener("click", action);
  on("wrap", () => option("wrap", !options.wrap));
  on("time", () => option("time", !options.time));
  on("utc", () => option("utc", !options.utc));
  on("errors", () => {
    errorsOnly = !errorsOnly;
    redraw();
  });
  on("clear", () => {
    lines = [];
    held = [];
    dropped = 0;
    redraw();
  });
  on("pause", () => {
    paused = !paused;
    const come = held;
    held = [];
    if (!paused && come.length > 0) {
      take(come);
    }

    state();
  });
  on("newest", () => {
    following = true;
    toNewest();
    state();
  });
  on("download", () => {
    const rows = lines.filter(matches).map(line =>
      [line.t === null ? null : new Date(line.t).toISOString(), many ? `[${sources.get(line.s).name}]` : null, text(line)].filter(one => one !== null).join(" ") + "\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(rows, { type: "text/plain" }));
    link.download = `${name.replace(/[^A-Za-z0-9._-]/g, "_")}-${new Date().toISOString().slice(0, 19).replace(/:/g, "")}.log`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
  part("filter").addEventListener("input", event => {
    filter = event.target.value.trim().toLowerCase();
    redrawSoon();
  });

  // Who scrolls up reads; who scrolls to the end follows again. A place that moves because heights became known is neither.
  frame.addEventListener("scroll", () => {
    const atEnd = frame.scrollHeight - frame.scrollTop - frame.clientHeight < 2 * lineHeight;
    const up = frame.scrollTop < lastTop && frame.scrollHeight === lastHeight;
    lastTop = frame.scrollTop;
    lastHeight = frame.scrollHeight;
    const follows = atEnd || (following && !up);
    if (follows !== following) {
      following = follows;
      state();
    }
  });
  const settled = new ResizeObserver(() => following && toNewest());
  settled.observe(frame);
  settled.observe(content);
  state();

  return {
    start(resource) {
      name = resource;

      // The address may have brought one.
      filter = part("filter").value.trim().toLowerCase();
      lines = [];
      held = [];
      dropped = 0;
      following = true;
      redraw();
    },
    add(batch, names, several) {
      for (const [source, shownName] of Object.entries(names)) {
        if (!sources.has(source)) {
          sources.set(source, { name: shownName, colour: sources.size % colours });
        }
      }

      if (several !== many) {
        many = several;
        redrawSoon();
      }

      if (paused) {
        held.push(...batch);
        dropped += Math.max(0, held.length - mostLines);
        held.splice(0, held.length - mostLines);
        state();
      } else {
        take(batch);
      }
    },
  };
}
