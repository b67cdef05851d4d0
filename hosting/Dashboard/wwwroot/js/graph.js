// Moves and zooms the drawing: by wheel, by dragging, by the buttons. The server draws it and never sets the place.
export function attach(frame) {
  // Left again before this script came.
  if (!frame) {
    return;
  }

  const svg = frame.querySelector("svg.graph");
  const viewport = svg.querySelector(".viewport");
  const most = 3;
  const least = 0.2;
  let scale = 1;
  let x = 0;
  let y = 0;
  let touched = false;

  const apply = () => viewport.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);

  const showAll = () => {
    const width = Number(svg.dataset.width);
    const height = Number(svg.dataset.height);
    const room = svg.getBoundingClientRect();
    if (width === 0 || room.width === 0) {
      return;
    }

    scale = Math.min(1.3, Math.max(least, Math.min((room.width - 48) / width, (room.height - 72) / height)));
    x = (room.width - width * scale) / 2;
    y = (room.height - height * scale) / 2;
    touched = false;
    apply();
  };

  const zoom = (factor, atX, atY) => {
    const next = Math.min(most, Math.max(least, scale * factor));
    x = atX - (atX - x) * (next / scale);
    y = atY - (atY - y) * (next / scale);
    scale = next;
    touched = true;
    apply();
  };

  svg.addEventListener("wheel", event => {
    event.preventDefault();
    const room = svg.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY * 0.0015), event.clientX - room.left, event.clientY - room.top);
  }, { passive: false });

  svg.addEventListener("pointerdown", event => {
    if (event.button !== 0 || event.target.closest(".node")) {
      return;
    }

    svg.setPointerCapture(event.pointerId);
    const from = { x: event.clientX - x, y: event.clientY - y };
    const move = moved => {
      x = moved.clientX - from.x;
      y = moved.clientY - from.y;
      touched = true;
      apply();
    };
    svg.addEventListener("pointermove", move);
    svg.addEventListener("lostpointercapture", () => svg.removeEventListener("pointermove", move), { once: true });
  });

  for (const button of frame.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      const room = svg.getBoundingClientRect();
      if (button.dataset.zoom === "reset") {
        showAll();
      } else {
        zoom(button.dataset.zoom === "in" ? 1.25 : 0.8, room.width / 2, room.height / 2);
      }
    });
  }

  // Until somebody has moved it, it stays whole: when the window or the drawing changes.
  const whole = () => touched || showAll();
  new ResizeObserver(whole).observe(svg);
  new MutationObserver(whole).observe(svg, { attributes: true, attributeFilter: ["data-width", "data-height"] });
  showAll();
}
