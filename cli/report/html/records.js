// Trials, layers, audits and where everything comes from.
function showResults() {
  const names = [...new Set(data.rows.flatMap((row) => Object.keys(row.metrics)))].sort();
  const columns = [{ title: "trial" }, { title: "label" }, { title: "L", number: true }, { title: "seed", number: true }, { title: "state" }, { title: "valid" }, { title: "admitted" },
    ...names.map((title) => ({ title, number: true })), { title: "parameters" }];
  const cells = (row) => [row.trial, row.label, row.seq_len, row.seed, row.cause ? `${row.state} (${row.cause})` : row.state,
    row.state !== "succeeded" ? "–" : row.valid ? "yes" : invalidBadge(), row.admitted ? "yes" : "no", ...names.map((name) => row.metrics[name]), JSON.stringify(row.params)];
  const holder = el("div");
  const filter = el("input", { type: "search", id: "filter", placeholder: "schedule, trial, parameter…" });
  const count = el("span", { class: "quiet", role: "status" });
  const show = () => {
    const wanted = filter.value.toLowerCase();
    const rows = data.rows.map(cells).filter((row) => JSON.stringify(row.map((cell) => cell?.text ?? cell)).toLowerCase().includes(wanted));
    count.textContent = `${rows.length} of ${data.rows.length} trials`;
    holder.replaceChildren(table("One row a trial; a column's title sorts", columns, rows));
  };
  filter.addEventListener("input", show);
  bodyOf("results").append(el("div", { class: "controls" }, el("label", { for: "filter" }, "Filter"), filter, count), holder);
  show();
}

const LAYER_WORDS = { layer_k: "scheduled k", actual_k: "k", k_ratio: "k / L", sparsity: "sparsity (of L²)", sparsity_causal: "causal sparsity", selected: "selected pairs", future: "selected pairs in the future",
  mass_recall: "attention mass kept, rows t ≥ k", mass_recall_all: "attention mass kept, all rows", set_recall: "best keys found", kl_dense: "KL to dense attention", tie_rate: "tied scores",
  self_rate: "selects itself", bos_rate: "selects the first token", entropy_norm: "normalised entropy", overlap_prev: "overlap with the layer before" };

function select(id, text, values, change) {
  const box = el("select", { id, onchange: (event) => change(values[event.target.selectedIndex][0]) }, ...values.map(([, word]) => el("option", {}, word)));
  return el("label", { for: id }, text, box);
}

function showLayers() {
  const withLayers = data.cells.filter((cell) => cell.layers.length > 0);
  if (withLayers.length === 0) {
    bodyOf("layers").append(el("p", {}, "No trainer reported statistics of layers."));
    return;
  }
  const known = new Set(withLayers.flatMap((cell) => cell.layers.flatMap(Object.keys)));
  const fields = Object.entries(LAYER_WORDS).filter(([field]) => known.has(field));
  const lengths = [...new Set(withLayers.map((cell) => cell.seq_len))];
  const picked = { field: fields.some(([field]) => field === "sparsity_causal") ? "sparsity_causal" : fields[0][0], length: lengths[lengths.length - 1] };
  const cells = () => withLayers.filter((cell) => cell.seq_len === picked.length && shown.labels.has(cell.label));
  const places = () => Array.from({ length: Math.max(0, ...withLayers.map((cell) => cell.layers.length)) }, (_, i) => `${i}`);
  const drawn = chart("Statistics of layers", () => ({
    points: cells().flatMap((cell) => cell.layers.map((layer, x) => ({ label: cell.label, x, place: `layer ${x}`, mean: layer[picked.field], lo: layer[picked.field], hi: layer[picked.field], n: cell.layer_seeds, valid: cell.valid }))),
    labels: shownLabels(), places: places(), options: { axis: "layer", showIntervals: false, showSeeds: false, empty: "nothing of this field at this length" },
  }));
  charts.push(drawn);
  const holder = el("div");
  const show = () => {
    drawn.draw();
    const columns = [{ title: "label" }, { title: "layer", number: true }, ...fields.map(([, title]) => ({ title, number: true })), { title: "selected pairs by distance 0, 1, 2–3, 4–7, …", long: true }];
    const rows = cells().flatMap((cell) => cell.layers.map((layer, x) => [cell.label, x, ...fields.map(([field]) => layer[field]), layer.distance_hist ? layer.distance_hist.map(brief).join(", ") : null]));
    holder.replaceChildren(twin(`Layers at L = ${lengthText(picked.length)}, mean over seeds`, columns, rows));
  };
  const pick = (name) => (value) => { picked[name] = value; show(); };
  const fieldBox = select("layer-field", "Statistic", fields, pick("field"));
  const lengthBox = select("layer-length", "L", lengths.map((length) => [length, lengthText(length)]), pick("length"));
  fieldBox.querySelector("select").selectedIndex = fields.findIndex(([field]) => field === picked.field);
  lengthBox.querySelector("select").selectedIndex = lengths.length - 1;
  bodyOf("layers").append(el("div", { class: "controls" }, fieldBox, lengthBox),
    el("p", { class: "quiet" }, "Mean over seeds, from the last evaluation. What is drawn follows the boxes above the plots."), el("figure", {}, el("figcaption", {}, "Statistics of layers"), drawn.holder, holder));
  show();
}

function showAudits() {
  if (data.audits.length === 0) {
    bodyOf("audits").append(el("p", {}, "No trial reported an audit."));
    return;
  }
  const columns = [{ title: "#", number: true }, { title: "audit" }, { title: "passed", number: true }, { title: "failed", number: true }, { title: "largest figure", number: true }, { title: "what is measured", long: true }, { title: "trials that failed", long: true }];
  bodyOf("audits").append(table("Checks at the start of every attempt", columns, data.audits.map((audit) =>
    [audit.number, audit.name, audit.passed, audit.failed, audit.figure, audit.message, audit.failed_trials.join(", ")])));
}

function facts(pairs) {
  return el("dl", {}, ...pairs.filter(([, value]) => value !== undefined && value !== "").flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function showOrigin() {
  const m = data.manifest;
  const code = m.code ?? {};
  const list = (values) => (values ?? []).join("\n") || "none";
  const counts = (object) => Object.entries(object ?? {}).map(([name, value]) => `${name}: ${value}`).join(", ") || "none";
  const attempts = (m.attempts ?? []).slice(0, 1000);
  const columns = [{ title: "trial" }, { title: "attempt", number: true }, { title: "state" }, { title: "worker" }, { title: "from step", number: true }, { title: "to step", number: true }, { title: "cause" }, { title: "certificate" }];
  bodyOf("origin").append(
    facts([["Sweep", `${m.sweep.name} (${m.sweep.id})`], ["Report made by", `plasactl ${m.plasa}`], ["Code of plasactl", code.commit ? `commit ${code.commit}${code.dirty ? `, changed: diff ${code.diff_sha256}` : ""}` : ""],
      ["SHA-256 of results.csv", m.results_csv_sha256], ["Trainer builds", list(m.builds)], ["Hardware", list(m.hardware_classes)], ["Data digests", list(m.data_digests)], ["Workers", list(m.workers)],
      ["Machine of the report", m.environment ? `${m.environment.host}, ${m.environment.cpu}, ${m.environment.cpus} CPUs, ${m.environment.system}` : ""], ["Libraries", m.environment ? counts(m.environment.libraries) : ""],
      ["Faults", counts(m.faults)], ["Resume certificates", counts(m.resume_certificates)]]),
    el("details", {}, el("summary", {}, `${(m.attempts ?? []).length} attempts`), attempts.length < (m.attempts ?? []).length ? el("p", {}, "The first 1000; all are in manifest.json.") : null,
      table("Attempts", columns, attempts.map((a) => [a.trial, a.number, a.state, a.worker, a.start_step, a.last_step, a.cause ?? "", a.certificate?.state ?? ""]))),
    el("details", {}, el("summary", {}, "Sweep file"), el("pre", { class: "scroll", tabindex: 0 }, JSON.stringify(data.spec, null, 2))));
}
