// The six plots of the figure, and what is drawn of them.
const shown = { labels: new Set(data.shown), seeds: false, intervals: true };
const charts = [];

const redraw = () => charts.forEach(({ draw }) => draw());
const shownLabels = () => data.labels.filter((label) => shown.labels.has(label));
const options = (more) => ({ showSeeds: shown.seeds, showIntervals: shown.intervals, ...more });

// Points of one metric at the given lengths; `factor` scales (1000: seconds to ms).
function pointsOf(estimateAt, lengths, factor = 1, unit = "") {
  const scaled = (value) => isNumber(value) ? value * factor : value;
  return shownLabels().flatMap((label) => lengths.flatMap((length, x) => {
    const cell = cellOf(label, length);
    const e = cell && estimateAt(cell);
    if (!e || !isNumber(e.mean)) return [];
    const seeds = Object.fromEntries(Object.entries(e.seeds ?? {}).map(([seed, value]) => [seed, scaled(value)]));
    return [{ label, x, place: `L = ${lengthText(length)}`, mean: scaled(e.mean), lo: scaled(e.lo), hi: scaled(e.hi), n: e.n, seeds, unit, valid: cell.valid }];
  }));
}

function estimateTwin(title, estimateAt, factor = 1) {
  const columns = [{ title: "label" }, { title: "L", number: true }, { title: "mean", number: true }, { title: "95 % from", number: true }, { title: "to", number: true }, { title: "seeds", number: true }, { title: "valid" }];
  const rows = data.cells.flatMap((cell) => {
    const e = estimateAt(cell);
    if (!e) return [];
    const wide = hasInterval(e);
    return [[cell.label, cell.seq_len, e.mean * factor, wide ? e.lo * factor : null, wide ? e.hi * factor : null, e.n, cell.valid ? "yes" : invalidBadge()]];
  });
  return twin(title, columns, rows);
}

function panel(id, title, lengths, estimateAt, more) {
  const { factor = 1, unit = "", ...rest } = more;
  const drawn = chart(title, () => ({ points: pointsOf(estimateAt, lengths, factor, unit), labels: shownLabels(), places: lengths.map(lengthText), options: options(rest) }));
  charts.push(drawn);
  return el("figure", { "data-panel": id }, el("figcaption", {}, title), drawn.holder, estimateTwin(title, estimateAt, factor));
}

function accuracyPanel() {
  const percent = (label, length) => {
    const e = cellOf(label, length)?.metrics["val/accuracy"];
    return e ? { text: `${(100 * e.mean).toFixed(2)} %`, value: e.mean } : { text: "–", value: null };
  };
  const invalid = data.cells.some((cell) => !cell.valid);
  const rows = data.labels.map((label) => [label, ...data.lengths.map((length) => percent(label, length)),
    data.cells.some((cell) => cell.label === label && !cell.valid) ? invalidBadge() : "yes"]);
  return el("figure", { "data-panel": "accuracy_table" }, el("figcaption", {}, "validation accuracy"), invalid ? el("p", { class: "quiet" }, "Rows marked INVALID are of reference modes.") : null,
    table("validation accuracy, mean over seeds", [{ title: "label" }, ...data.lengths.map((length) => ({ title: `L = ${lengthText(length)}`, number: true })), { title: "valid" }], rows));
}

function toggle(text, checked, change, swatch = null) {
  return el("label", {}, el("input", { type: "checkbox", checked, onchange: (event) => { change(event.target.checked); redraw(); } }), swatch, text);
}

function controls() {
  const swatch = (label) => svg("svg", { class: "swatch", width: 34, height: 16, "aria-hidden": "true" },
    svg("line", { x1: 0, x2: 34, y1: 8, y2: 8, style: `stroke:${colorOf(label)};stroke-width:2`, "stroke-dasharray": dashOf(label) || null }), mark(label, 17, 8));
  const boxes = data.labels.map((label) => toggle(label, shown.labels.has(label), (on) => on ? shown.labels.add(label) : shown.labels.delete(label), swatch(label)));
  const all = (on) => el("button", { type: "button", onclick: () => {
    for (const [i, box] of boxes.entries()) { box.querySelector("input").checked = on; on ? shown.labels.add(data.labels[i]) : shown.labels.delete(data.labels[i]); }
    redraw();
  } }, on ? "all" : "none");
  return [
    el("fieldset", { class: "controls", id: "labels" }, el("legend", {}, "Show"), ...boxes, all(true), all(false)),
    el("fieldset", { class: "controls" }, el("legend", {}, "Draw"), toggle("95 % intervals over seeds", true, (on) => { shown.intervals = on; }), toggle("single seeds", false, (on) => { shown.seeds = on; })),
  ];
}

function showPlots() {
  if (data.cells.length === 0) {
    bodyOf("plots").append(el("p", {}, "No trial has an admitted result yet."));
    return;
  }
  const { objective, baseline } = data;
  const metric = (name) => (cell) => cell.metrics[name];
  const longest = data.lengths[data.lengths.length - 1];
  const axis = "sequence length L";
  const lines = (id, title, name, more = {}) => panel(id, title, data.lengths, metric(name), { axis, empty: `no ${name} was reported`, ...more });
  bodyOf("plots").append(...controls(), el("p", { class: "quiet" }, data.intervals), el("div", { class: "plots" },
    lines("objective", `${objective} against length`, objective),
    lines("accuracy", "validation accuracy (%) against length", "val/accuracy", { factor: 100, unit: " %" }),
    lines("time", "median time per step (ms) against length", "time_per_step", { factor: 1000, unit: " ms" }),
    panel("longest", `${objective} at L = ${lengthText(longest)}`, [longest], metric(objective), { axis, bars: true }),
    panel("improvement", `better than ${baseline} by %`, data.lengths, (cell) => cell.improvement, { axis, bars: true, unit: " %", empty: `needs results of ${baseline}` }),
    accuracyPanel()));
}
