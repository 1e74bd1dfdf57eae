// A stand-in for the coordinator's HTTP side, with sweeps that a short real run does not have: many seeds, failures, a
// reference mode, hostile names. Answers as docs/http-api.md says.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../web/dist", import.meta.url));
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html; charset=utf-8" };
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
export const HOSTILE = `<img src=x onerror="document.title='owned'">`;

const SCHEDULES = ["dense_baseline", "uniform_sparse", "dense_to_sparse", "aggressive_middle", "progressive_sparse", "reverse_progressive"];
const STATES = ["queued", "running", "suspect", "succeeded", "failed", "canceled", "pruned", "quarantined"];
const LIVE = new Set(STATES.slice(0, 3));
const START = Date.now() / 1000 - 1500;

// A number in [0, 1) that depends on its arguments alone.
function noise(...keys) {
  let h = 2166136261;
  for (const c of keys.join("/")) h = Math.imul(h ^ c.charCodeAt(0), 16777619);
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32;
}

const counted = (trial) => ({ ...trial, attempt_count: trial.attempts.length });
// As a sweep's page asks for it.
const rowOf = ({ first_metrics, attempts, audits, ...row }) => row;

const lossAt = (trial, step) => {
  const { schedule = "", seq_len: length = 64 } = trial.cell;
  const floor = 1.9 - 0.11 * Math.log2(length / 64 + 1) + 0.02 * SCHEDULES.indexOf(schedule) + 0.02 * noise(trial.id);
  return floor + 3.6 * Math.exp(-step / 60) + 0.03 * noise(trial.id, step);
};

function attempt(trial, number, state, cause = null, message = "") {
  const created = START + 60 * number + 5 * (trial.index % 40);
  return {
    number, token: 17 + trial.index * 3 + number, state, worker: "9c1f00aa4be27d10", slot: trial.index % 2, cause, message,
    start_step: number === 1 ? 0 : 60, last_step: state === "succeeded" ? 200 : 90, created, ended: state === "running" ? null : created + 48,
    hardware_class: "AMD EPYC/avx2/1 thread", build: "0.1.0", data_digest: "9f86d081884c7d65",
    certificate: { state: "holds", loaded: number === 1 ? null : "ab".repeat(32), from: number === 1 ? null : number - 1, chain: "cd".repeat(32), objection: null },
  };
}

function makeTrial(index, cell, seed, state, extra = {}) {
  const trial = { index, id: (0x3f9c0a1b + index * 7919).toString(16).padStart(8, "0") + "e2d47586", cell, seed, state };
  const step = { queued: 0, succeeded: 200, failed: 90, canceled: 40, quarantined: 0 }[state] ?? 20 + (index * 13) % 160;
  const loss = lossAt(trial, step);
  return {
    ...trial,
    params: { preset: "demo", ...cell, seed, steps: 200, lr: 0.001 },
    step, steps_total: 200,
    metrics: step > 0 ? { "val/loss": loss, "val/accuracy": 0.62 - loss / 10, "val/ppl": Math.exp(loss), "train/loss": loss - 0.05 } : {},
    first_metrics: step > 0 ? { "val/loss": 5.55, "val/accuracy": 0.004, "val/ppl": 257.2, "train/loss": 5.6 } : {},
    attempts: state === "queued" ? [] : [attempt(trial, 1, state === "suspect" ? "running" : state === "quarantined" ? "failed" : state)],
    admitted: state === "succeeded", valid: state === "succeeded", invalid_reasons: [], cause: null,
    explain: state === "queued" ? "Waits for a free slot: 2 of 2 slots are busy; 4 trials are before it." : `${state[0].toUpperCase()}${state.slice(1)} at step ${step} of 200.`,
    audits: state === "queued" ? [] : [
      { number: 1, name: "causality", passed: state !== "quarantined", figure: state === "quarantined" ? "0.31" : "0", message: state === "quarantined" ? "logits before position 17 changed with token 18" : "no logit changed before the flipped token" },
      { number: 2, name: "future keys", passed: true, figure: "0", message: "" },
    ],
    trainer: "plasa", data: { corpus: "kjv" },
    ...extra,
  };
}

function gridOf(seeds, lengths, stateOf, extraOf = () => ({})) {
  const trials = [];
  for (const schedule of SCHEDULES) {
    for (const seq_len of lengths) {
      for (let seed = 1; seed <= seeds; ++seed) {
        const index = trials.length;
        trials.push(makeTrial(index, { schedule, seq_len }, seed, stateOf(index), extraOf(index)));
      }
    }
  }
  return trials;
}

function sweepOf(id, name, trials, created, state) {
  const counts = Object.fromEntries(STATES.map((word) => [word, 0]));
  for (const t of trials) ++counts[t.state];
  const best = trials.filter((t) => t.admitted && t.valid).sort((a, b) => a.metrics["val/loss"] - b.metrics["val/loss"])[0];
  return {
    id, name, state, metric: { name: "val/loss", goal: "minimize" }, trials: trials.length, counts, created,
    eta_s: state === "running" ? 312 : null,
    progress: trials.reduce((sum, t) => sum + (LIVE.has(t.state) ? t.step / t.steps_total : 1), 0) / trials.length,
    best: best ? { trial: best.id, value: best.metrics["val/loss"] } : null,
    replication: { open: false, added: [], stopped: null },
  };
}

function makeWorld() {
  const main = gridOf(3, [64, 256, 1024], (i) => (i < 34 ? "succeeded" : i < 36 ? "running" : "queued"));
  main[35].state = "suspect";
  const retried = main[30];
  retried.attempts = [attempt(retried, 1, "lost", "WORKER_LOST", "its worker was silent for 60 s"), attempt(retried, 2, "failed", "KILLED", "SIGKILL by someone else"), attempt(retried, 3, "succeeded")];
  const mixed = gridOf(1, [64, 256], (i) => ["succeeded", "failed", "quarantined", "canceled"][i % 4], (i) =>
    i % 4 === 1 ? { cause: "TRAINER_CRASH", explain: `Failed: 3 attempts ended with TRAINER_CRASH. ${HOSTILE}` } : {});
  const leaky = gridOf(1, [64], () => "succeeded", () => ({ valid: false, invalid_reasons: ["reference mode: the baseline attends to the future", HOSTILE] }));
  leaky.forEach((t) => (t.id = t.id.replace("e2d4", "1eaf")));
  mixed.forEach((t) => (t.id = t.id.replace("e2d4", "f001")));
  return new Map([
    ["s51c09e3f", { sweep: sweepOf("s51c09e3f", "demo", main, START, "running"), trials: main, verdicts: true }],
    ["s0badc0de", { sweep: sweepOf("s0badc0de", HOSTILE, mixed, START - 9000, "failed"), trials: mixed }],
    ["sfeedbeef", { sweep: sweepOf("sfeedbeef", "leak-audit", leaky, START - 90000, "succeeded"), trials: leaky, verdicts: true }],
  ]);
}

const pointsOf = (trial, offset = 0, every = 10) => {
  const points = [];
  for (let step = 0; step <= trial.step; step += every) points.push([step, step === 50 && trial.index === 1 ? "NaN" : lossAt(trial, step) + offset]);
  return trial.step > 0 ? points : [];
};

// The mean over the seeds of a cell, between the lowest and the highest.
function bandsOf(trials) {
  const cells = new Map();
  for (const t of trials.filter((t) => t.step > 0)) cells.set(JSON.stringify(t.cell), [...(cells.get(JSON.stringify(t.cell)) ?? []), t]);
  return [...cells.values()].map((seeds) => {
    const steps = new Map();
    for (const [step, value] of seeds.flatMap((t) => pointsOf(t, 0, 20))) steps.set(step, [...(steps.get(step) ?? []), value]);
    return { cell: seeds[0].cell, seeds: seeds.length, points: [...steps].sort((a, b) => a[0] - b[0]).map(([step, all]) => [step, all.reduce((a, b) => a + b, 0) / all.length, Math.min(...all), Math.max(...all)]) };
  });
}

const costOf = (t) => {
  const length = t.cell.seq_len ?? 64;
  return { trial: t.id, time_per_step: 0.002 * length * (1 + SCHEDULES.indexOf(t.cell.schedule) / 20), seq_len: length, layer_k: [length, length / 2, length / (1 + SCHEDULES.indexOf(t.cell.schedule))], flops: 1e9 };
};

const contrast = (a, b, mean, verdict) => ({
  a, b, seq_len: 1024, metric: "val/loss", verdict, n: 10, deltas: Array.from({ length: 10 }, (_, i) => mean + (i - 4.5) / 900), mean,
  interval: [mean - 0.012, mean + 0.011], p: 0.002, p_adjusted: 0.0098, detectable: 0.02, family: "primary at 1024",
});
const CONTRASTS = [contrast("aggressive_middle", "uniform_sparse", -0.0532, "supported"), contrast("progressive_sparse", "reverse_progressive", 0.0041, "inconclusive (MDE 0.03)")];
// Made up, to be shown.
const VERDICTS = {
  v: 1, margin: 0.02, alpha: 0.05, verdicts: CONTRASTS,
  claims: [
    { id: "H1", title: "H1 aggressive-middle is best", question: "Has aggressive_middle the lowest loss of all sparse schedules?", verdict: "supported", sentence: "At length 1024, aggressive_middle had a lower held-out loss than uniform_sparse by 0.053 nats (95 % BCa interval 0.042 to 0.065, n = 10 seeds, Holm-adjusted p = 0.0098).", seq_len: 1024, effect: -0.0532, interval: [-0.0652, -0.0422], p_adjusted: 0.0098, n: 10, run_more: null, contrasts: CONTRASTS.slice(0, 1) },
    { id: "H2", title: "H2 position matters", question: HOSTILE, verdict: "inconclusive (MDE 0.03)", sentence: "Ten seeds do not tell whether the order of the layers matters.", seq_len: null, effect: 0.0041, interval: [-0.008, 0.015], p_adjusted: 0.4, n: 10, run_more: 17, contrasts: CONTRASTS.slice(1) },
    { id: "Q1", title: "Q1 why uniform fails at 1024", question: "Is uniform_sparse worse than dense_baseline?", verdict: "not testable", sentence: "No dense baseline ran at 1024.", seq_len: 1024, effect: null, interval: null, p_adjusted: null, n: null, run_more: null, contrasts: [] },
  ],
};

const within = (url) => ([step]) => step >= Number(url.searchParams.get("from") ?? 0) && step <= Number(url.searchParams.get("to") ?? Infinity);
const happening = (time, kind, more) => ({ time, kind, sweep: null, trial: null, attempt: null, state: null, cause: null, worker: null, text: "", ...more });
function happeningsOf(world) {
  const all = [...world.values()].flatMap(({ sweep, trials }) => [
    happening(sweep.created, "submitted", { sweep: sweep.id, text: sweep.name }),
    ...trials.flatMap((t) => t.attempts.flatMap((a) => [
      happening(a.created, "started", { trial: t.id, attempt: a.number, worker: a.worker, text: a.start_step > 0 ? `from step ${a.start_step}` : "" }),
      ...(a.ended ? [happening(a.ended, "ended", { trial: t.id, attempt: a.number, worker: a.worker, state: a.state, cause: a.cause, text: a.message })] : []),
    ])),
  ]);
  return all.sort((a, b) => b.time - a.time);
}

const layers = [1024, 512, 256, 64].map((k, i) => ({
  layer_idx: i, layer_k: k, actual_k: Math.min(k, 256), k_ratio: Math.min(k, 256) / 256, sparsity: 0.5 + i / 10, sparsity_causal: i / 5, entropy_norm: 0.71 - i / 20,
  ...(i > 1 ? { mass_recall: 0.97 - i / 50, set_recall: 0.8 - i / 20, overlap_prev: 0.66, tie_rate: 0, kl_dense: 0.1 + i / 40, distance_hist: [24, 23, 52, 79, 131, 75, 0] } : {}),
}));

const worker = (id, name, state, busy) => ({
  id, name, state, silent_s: state === "silent" ? 23 : 0.4, version: "0.1.0", trainers: ["plasa", "noop"],
  slots: [0, 1].map((index) => ({ index, device: { kind: "cpu", model: "AMD EPYC 7763 64-Core Processor", memory_bytes: 12 * 2 ** 30, hardware_class: "AMD EPYC 7763/avx2/1 thread/0.1.0" }, trial: busy[index] ?? null })),
});

// Serves until close() is called. `empty`: a coordinator that nobody has used. `refuse`: every API call is 401.
export async function startFake({ empty = false, refuse = false, port = 0 } = {}) {
  const world = empty ? new Map() : makeWorld();
  const streams = new Set(), posts = [], gets = [];
  let cursor = 1;
  const allTrials = () => [...world.values()].flatMap((s) => s.trials);
  const log = `plasa-trainer 0.1.0\nstep 10 train/loss 4.81\n${HOSTILE}\n${Array.from({ length: 60 }, (_, i) => `step ${20 + i} train/loss ${(4.6 - i / 40).toFixed(3)}`).join("\n")}\n`;

  function answer(path, url) {
    const [, , , kind, id, verb] = path.split("/");
    if (kind === "sweeps" && !id) return { v: 1, cursor, sweeps: [...world.values()].map((s) => s.sweep) };
    const sweep = world.get(id);
    if (kind === "sweeps" && sweep && verb === "bands") {
      return { v: 1, metric: url.searchParams.get("metric"), bands: bandsOf(sweep.trials).map((b) => ({ ...b, points: b.points.filter(within(url)) })) };
    }
    if (kind === "sweeps" && sweep && verb === "costs") return { v: 1, costs: sweep.trials.filter((t) => t.state === "succeeded").map(costOf) };
    if (kind === "sweeps" && verb === "verdicts") return sweep && !sweep.withoutVerdicts ? (sweep.verdicts ? VERDICTS : { ...VERDICTS, claims: [], verdicts: [] }) : null;
    if (kind === "sweeps" && sweep && verb === "add-seeds") {
      const seeds = Number(url.searchParams.get("seeds"));
      sweep.sweep.replication.added.push({ at: START, seeds: Array.from({ length: seeds }, (_, i) => i + 2), cells: 12, why: "asked for by a user" });
      return { v: 1, trials: 12 * seeds, created: 12 * seeds, requeued: 0 };
    }
    if (kind === "sweeps" && sweep && verb === "retry") return { v: 1, trials: sweep.trials.length, requeued: 6 };
    if (kind === "sweeps" && sweep && verb === "cancel") return { v: 1, canceled: 20, kept: 0 };
    if (kind === "sweeps" && sweep) return { v: 1, cursor, sweep: sweep.sweep, trials: sweep.trials.map(counted).map(url.searchParams.get("trials") === "rows" ? rowOf : (t) => t) };
    const trial = allTrials().find((t) => t.id === id);
    if (kind === "trials" && trial && verb === "retry") return { v: 1, trials: 1, requeued: 1 };
    if (kind === "trials" && trial && verb === "metrics") {
      const cut = (series) => Object.fromEntries(Object.entries(series).map(([name, points]) => [name, points.filter(within(url))]).filter(([, points]) => points.length > 0));
      return { v: 1, series: trial.step === 0 ? {} : cut({ "train/loss": pointsOf(trial, -0.04, 2), "val/loss": pointsOf(trial), "val/accuracy": pointsOf(trial).map(([s, v]) => [s, 0.6 - v / 10]), "val/ppl": pointsOf(trial).map(([s, v]) => [s, Math.exp(v)]) }) };
    }
    if (kind === "trials" && trial && verb === "log") {
      if (trial.attempts.length === 0) return { v: 1, text: "", dropped_bytes: 0, worker: "", path: "" };
      return { v: 1, text: log, dropped_bytes: 4096, worker: trial.attempts[0].worker, path: `worker/attempts/${trial.id}-17/output.log` };
    }
    if (kind === "trials" && trial) {
      const sweeps = [...world.values()].filter((s) => s.trials.includes(trial)).map((s) => s.sweep.id);
      const has = trial.step > 0;
      return { v: 1, cursor, trial: counted(trial), sweeps, stats: has ? { step: trial.step, layers } : null, result: null, notes: has ? ["denormals are flushed", HOSTILE] : [] };
    }
    if (kind === "info") return { v: 1, version: "0.1.0", cluster_uuid: "4f1c6a0e-7b1d-4c59-9d3f-0c5f3f0f1d2a", epoch: 3, uptime_s: 4711 };
    if (kind === "leaderboard") return { v: 1, boards: empty ? [] : [{ steps: 1000, batch_size: 2, seq_len: 128, data: { corpus: "kjv" }, entries: [
      { rank: 1, label: "progressive_sparse, lr=0.001", params: {}, seeds: 10, score: { mean: 0.2412, lo: 0.2399, hi: 0.2425 }, loss: 1.422, ppl: 4.146, time_per_step: 0.031 },
      { rank: 2, label: HOSTILE, params: {}, seeds: 1, score: { mean: 0.2, lo: 0.2, hi: 0.2 }, loss: 1.609, ppl: 5, time_per_step: null }] }] };
    if (kind === "events") return { v: 1, cursor, events: happeningsOf(world).slice(0, Number(url.searchParams.get("limit") ?? 100)) };
    if (kind === "workers") return { v: 1, cursor, workers: empty ? [] : [worker("9c1f00aa4be27d10", "epyc-1", "online", [allTrials()[34].id, allTrials()[35].id]), worker("77aa00aa4be27d10", HOSTILE, "silent", [])] };
    return null;
  }

  // What is refused to a request, as [status, error].
  function refusal(request) {
    if (refuse) return [401, { code: "UNAUTHENTICATED", message: "a token is missing", hint: "" }];
    if (request.method === "GET") return null;
    const own = request.headers.origin === `http://${request.headers.host}` && request.headers["content-type"] === "application/json";
    return own ? null : [403, { code: "PERMISSION_DENIED", message: "The request comes from a page of another site.", hint: "" }];
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    const send = (status, type, body) => response.writeHead(status, { "Content-Type": type, "Content-Security-Policy": POLICY }).end(body);
    const fail = ([status, error]) => send(status, "application/json", JSON.stringify({ error }));
    const refused = url.pathname.startsWith("/api/") ? refusal(request) : null;
    if (refused) {
      fail(refused);
    } else if (url.pathname === "/api/v1/stream") {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write(`retry: 500\n\nid: ${cursor}\nevent: begin\ndata: ${JSON.stringify({ cursor })}\n\n`);
      streams.add(response);
      request.on("close", () => streams.delete(response));
    } else if (url.pathname.startsWith("/api/")) {
      (request.method === "POST" ? posts : gets).push(url.pathname);
      const body = answer(url.pathname, url);
      if (body) send(200, "application/json", JSON.stringify(body));
      else fail([404, { code: "NOT_FOUND", message: "There is no such sweep or trial.", hint: "plasactl list" }]);
    } else {
      const name = extname(url.pathname) ? url.pathname.slice(1) : "index.html";
      send(200, TYPES[extname(name)], readFileSync(join(DIST, name)));
    }
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const emit = (event, data) => {
    const text = `id: ${++cursor}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    streams.forEach((s) => s.write(text));
  };
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    world,
    verdicts: VERDICTS,
    posts,
    gets,
    emit,
    touch: () => ++cursor, // a change that no stream tells of
    dropStreams: () => streams.forEach((s) => s.destroy()),
    streams: () => streams.size,
    close: () => (server.closeAllConnections(), server.close()),
  };
}

// By hand: node fake_coordinator.mjs [--empty | --refuse]
if (process.argv[1] === fileURLToPath(import.meta.url)) console.log((await startFake({ empty: process.argv.includes("--empty"), refuse: process.argv.includes("--refuse"), port: 7399 })).url);
