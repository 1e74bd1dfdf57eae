// Small charts: lines with marks, and bars. Each draws itself at the width it has and reads its points out by mouse and keys.
const reading = document.getElementById("reading");
const HEIGHT = 300;
const EDGE = { left: 62, right: 14, top: 14, bottom: 42 };

// About `count` round numbers from low to high.
function ticks(low, high, count) {
  const rough = (high - low) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const out = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; ++i) out.push(Number((i * step).toPrecision(12)));
  return out;
}

// points: [{label, x, mean, lo, hi, n, seeds}] with x an index of `places`. Options: bars, zero, unit, valid, axis.
function extent(points, { bars, showSeeds, showIntervals }) {
  const values = points.flatMap((p) => [p.mean, ...(showIntervals && hasInterval(p) ? [p.lo, p.hi] : []), ...(showSeeds ? Object.values(p.seeds ?? {}) : [])]).filter(isNumber);
  if (bars) values.push(0);
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (low === high) [low, high] = [low - Math.abs(low || 1) * 0.1, high + Math.abs(high || 1) * 0.1];
  const room = (high - low) * 0.07;
  return [bars && low === 0 ? 0 : low - room, bars && high === 0 ? 0 : high + room];
}

function axes(root, width, options, scale, places) {
  for (const tick of ticks(...scale.range, 5)) {
    root.append(svg("line", { class: "grid", x1: EDGE.left, x2: width - EDGE.right, y1: scale.y(tick), y2: scale.y(tick) }),
      svg("text", { class: "tick", x: EDGE.left - 6, y: scale.y(tick) + 4, "text-anchor": "end" }, brief(tick)));
  }
  const base = options.bars ? scale.y(0) : HEIGHT - EDGE.bottom;
  root.append(svg("line", { class: "axis", x1: EDGE.left, x2: width - EDGE.right, y1: base, y2: base }));
  const apart = Math.ceil((places.length * 42) / Math.max(1, width - EDGE.left - EDGE.right));
  places.forEach((place, i) => {
    if (i % apart === 0) root.append(svg("text", { class: "tick", x: scale.x(i), y: HEIGHT - EDGE.bottom + 18, "text-anchor": "middle" }, place));
  });
  root.append(svg("text", { x: (width + EDGE.left) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, options.axis));
}

function whisker(x, p, scale, stroke) {
  const color = `stroke:${stroke};stroke-width:1.6`;
  const line = (x1, y1, x2, y2) => svg("line", { x1, y1, x2, y2, style: color });
  return svg("g", { class: "interval" }, line(x, scale.y(p.lo), x, scale.y(p.hi)), line(x - 4, scale.y(p.lo), x + 4, scale.y(p.lo)), line(x - 4, scale.y(p.hi), x + 4, scale.y(p.hi)));
}

const valueAttributes = (p) => ({ class: "value", "data-label": p.label, "data-place": p.place, "data-mean": String(p.mean), "data-lo": String(p.lo), "data-hi": String(p.hi) });

function drawLines(root, points, labels, scale, options) {
  for (const label of labels) {
    const own = points.filter((p) => p.label === label);
    const shift = options.showIntervals ? (labels.indexOf(label) - (labels.length - 1) / 2) * Math.min(5, 40 / labels.length) : 0;
    own.forEach((p) => { p.px = scale.x(p.x) + shift; p.py = scale.y(p.mean); });
    const path = own.map((p, i) => `${i ? "L" : "M"}${p.px},${p.py}`).join("");
    root.append(svg("path", { d: path, fill: "none", style: `stroke:${colorOf(label)};stroke-width:2`, "stroke-dasharray": dashOf(label) || null }));
    for (const p of own) {
      if (options.showSeeds) {
        for (const value of Object.values(p.seeds ?? {}))
          if (isNumber(value)) root.append(svg("circle", { class: "seed", cx: p.px, cy: scale.y(value), r: 2.2, style: `fill:${colorOf(label)};opacity:.55` }));
      }
      if (options.showIntervals && hasInterval(p)) root.append(whisker(p.px, p, scale, colorOf(label)));
      root.append(mark(label, p.px, p.py, valueAttributes(p)));
    }
  }
}

function drawBars(root, points, labels, scale, options, places) {
  const group = scale.x(1) - scale.x(0) || scale.width;
  const width = Math.max(2, Math.min(46, (group * 0.84) / labels.length));
  for (const p of points) {
    p.px = scale.x(p.x) + (labels.indexOf(p.label) - (labels.length - 1) / 2) * width;
    p.py = scale.y(p.mean);
    const [top, bottom] = [Math.min(p.py, scale.y(0)), Math.max(p.py, scale.y(0))];
    root.append(svg("rect", { ...valueAttributes(p), x: p.px - width * 0.44, y: top, width: width * 0.88, height: bottom - top, style: `fill:${colorOf(p.label)};opacity:.8` }));
    if (options.showSeeds) {
      for (const value of Object.values(p.seeds ?? {})) if (isNumber(value)) root.append(svg("circle", { class: "seed", cx: p.px, cy: scale.y(value), r: 2.2, style: "fill:var(--ink);opacity:.6" }));
    }
    if (options.showIntervals && hasInterval(p)) root.append(whisker(p.px, p, scale, "var(--ink)"));
    if (width >= 18) root.append(mark(p.label, p.px, HEIGHT - EDGE.bottom - 8, { style: "fill:var(--ground);stroke:var(--ink)" }));
  }
}

function place(reader, x, y) {
  reader.hidden = false;
  const box = reader.getBoundingClientRect();
  reader.style.left = `${Math.max(4, Math.min(x + 12, innerWidth - box.width - 4))}px`;
  reader.style.top = `${Math.max(4, Math.min(y + 12, innerHeight - box.height - 4))}px`;
}

// `model()` gives {points, labels, places, options}: asked again at every redraw.
function chart(title, model) {
  const holder = el("div", { class: "chart", tabindex: 0, role: "group", "aria-label": `${title}. Arrow keys read the values out.` });
  let points = [], at = -1, width = 0;
  const say = (x, y) => {
    const p = points[at];
    const root = holder.querySelector("svg");
    root.querySelector(".at")?.remove();
    if (!p) { reading.hidden = true; return; }
    root.append(svg("circle", { class: "at", cx: p.px, cy: p.py, r: 9 }));
    reading.textContent = `${p.label}, ${p.place}: ${estimateText(p)}${p.unit ?? ""}\n${p.n} seed${p.n === 1 ? "" : "s"}${p.valid === false ? ", INVALID" : ""}`;
    const box = root.getBoundingClientRect();
    place(reading, x ?? box.left + p.px, y ?? box.top + p.py);
  };
  const draw = () => {
    width = holder.clientWidth || 600;
    const { labels, places, options, ...rest } = model();
    points = rest.points.filter((p) => isNumber(p.mean));
    at = -1;
    const root = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": title });
    if (points.length === 0) root.append(svg("text", { x: width / 2, y: HEIGHT / 2, "text-anchor": "middle" }, options.empty ?? "nothing to draw"));
    else {
      const [low, high] = extent(points, options);
      const inner = width - EDGE.left - EDGE.right;
      const scale = { range: [low, high], width: inner, x: (i) => EDGE.left + (inner * (i + 0.5)) / places.length,
        y: (v) => EDGE.top + ((high - v) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom) };
      axes(root, width, options, scale, places);
      (options.bars ? drawBars : drawLines)(root, points, labels, scale, options, places);
    }
    if (points.some((p) => p.valid === false))
      root.append(svg("text", { class: "watermark", x: width / 2, y: HEIGHT / 2, "text-anchor": "middle", transform: `rotate(-20 ${width / 2} ${HEIGHT / 2})` }, "INVALID"));
    holder.replaceChildren(root);
  };
  const nearest = (event) => {
    const box = holder.getBoundingClientRect();
    const far = (p) => Math.hypot(p.px - (event.clientX - box.left), p.py - (event.clientY - box.top));
    const best = points.reduce((a, b) => (a && far(a) <= far(b) ? a : b), null);
    at = best && far(best) < 60 ? points.indexOf(best) : -1;
    say(event.clientX, event.clientY);
  };
  holder.addEventListener("pointermove", nearest);
  holder.addEventListener("pointerleave", () => { at = -1; say(); });
  holder.addEventListener("blur", () => { at = -1; say(); });
  holder.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") at = -1;
    else if (step === undefined || points.length === 0) return;
    else at = at < 0 ? (step > 0 ? 0 : points.length - 1) : (at + step + points.length) % points.length;
    event.preventDefault();
    say();
  });
  new ResizeObserver(() => { if (holder.clientWidth !== width) draw(); }).observe(holder);
  return { holder, draw };
}
