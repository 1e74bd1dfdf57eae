// The one door to the coordinator: every request of the dashboard is made here (docs/http-api.md).

// A figure as JSON carries it: non-finite numbers travel as text.
export type Figure = number | "NaN" | "Infinity" | "-Infinity";
export type Scalar = string | number | boolean | null;
export type Point = [step: number, value: Figure];

export const STATES = ["succeeded", "running", "suspect", "queued", "failed", "quarantined", "canceled", "pruned"] as const;
export type TrialState = (typeof STATES)[number];

export interface Sweep {
  id: string;
  name: string;
  state: string;
  metric: { name: string; goal: "minimize" | "maximize" };
  trials: number;
  counts: Partial<Record<TrialState, number>>;
  created: number;
  eta_s: number | null;
  progress: number;
  best: { trial: string; value: Figure } | null;
  replication: Replication;
}

// Seeds that were added after the sweep was submitted. `open`: more of them come until its contrasts are decided.
export interface Replication {
  open: boolean;
  added: { at: number; seeds: number[]; cells: number; why: string }[];
  stopped: string | null;
}

export interface Certificate {
  state: "holds" | "broken" | "unattested" | null;
  loaded: string | null;
  from: number | null;
  chain: string | null;
  objection: string | null;
}

export interface Attempt {
  number: number;
  token: number;
  state: string;
  worker: string;
  slot: number;
  cause: string | null;
  message: string;
  start_step: number;
  last_step: number;
  created: number;
  ended: number | null;
  hardware_class: string;
  build: string;
  data_digest: string;
  certificate: Certificate;
}

export interface Audit {
  number: number;
  name: string;
  passed: boolean;
  figure: string;
  message: string;
}

// What a sweep's page shows of each of its trials.
export interface Trial {
  id: string;
  cell: Record<string, Scalar>;
  seed: number;
  state: TrialState;
  params: Record<string, unknown>;
  step: number;
  steps_total: number;
  metrics: Record<string, Figure>;
  attempt_count: number;
  admitted: boolean;
  valid: boolean;
  invalid_reasons: string[];
  cause: string | null;
  explain: string;
  trainer: string;
  data: Record<string, unknown>;
}

export interface WholeTrial extends Trial {
  first_metrics: Record<string, Figure>;
  attempts: Attempt[];
  audits: Audit[];
}

// One layer of a `stats` event; figures that do not apply to a layer are absent.
export type LayerStats = Record<string, Figure | Figure[] | undefined>;

export interface SweepList { cursor: number; sweeps: Sweep[] }
export interface SweepDetail { cursor: number; sweep: Sweep; trials: Trial[] }
export interface TrialDetail {
  cursor: number;
  trial: WholeTrial;
  sweeps: string[]; // that hold it, oldest first
  stats: { step?: number; layers?: LayerStats[] } | null;
  result: Record<string, unknown> | null;
  notes: string[];
}
// The mean over the seeds of a cell, between the lowest and the highest.
export interface Band { cell: Record<string, Scalar>; seeds: number; points: [step: number, mean: Figure, low: Figure, high: Figure][] }
export interface Bands { metric: string; bands: Band[] }
// What the trainer recorded of a finished trial; null where it did not.
export interface Cost { trial: string; time_per_step: number | null; seq_len: number | null; layer_k: number[] | null; flops: number | null }
export interface Costs { costs: Cost[] }
// Figures that do not apply are null or absent.
export interface Contrast {
  a: string;
  b: string;
  seq_len: number | null;
  metric: string;
  verdict: string;
  n: number;
  deltas: number[];
  mean?: number | null;
  interval?: [number, number] | null;
  p?: number | null;
  p_adjusted?: number | null;
  detectable?: number | null;
  family: string;
}
export interface Claim {
  id: string;
  title: string;
  question: string;
  verdict: string;
  sentence: string;
  seq_len: number | null;
  effect?: number | null;
  interval?: [number, number] | null;
  p_adjusted?: number | null;
  n?: number | null;
  run_more?: number | null;
  contrasts: Contrast[];
}
export interface Verdicts { margin: number; alpha: number; claims: Claim[]; verdicts: Contrast[] }
export interface Metrics { series: Record<string, Point[]> }
export interface Log { text: string; dropped_bytes: number; worker: string; path: string }
export interface Device { kind: string; model: string; memory_bytes: number; hardware_class: string }
export interface Slot { index: number; device: Device; trial: string | null }
export interface Worker {
  id: string;
  name: string;
  state: string;
  silent_s: number;
  version: string;
  trainers: string[];
  slots: Slot[];
}
export interface WorkerList { cursor: number; workers: Worker[] }
export interface Info { version: string; cluster_uuid: string; epoch: number; uptime_s: number }
// What happened: a sweep was submitted, an attempt began or ended. Newest first.
export interface Happening {
  time: number;
  kind: "submitted" | "started" | "ended";
  sweep: string | null;
  trial: string | null;
  attempt: number | null;
  state: string | null;
  cause: string | null;
  worker: string | null;
  text: string;
}
export interface Happenings { cursor: number; events: Happening[] }
export interface BoardEntry { rank: number; label: string; seeds: number; score: { mean: number; lo: number; hi: number }; loss: number; ppl: number; time_per_step: number | null }
export interface Board { steps: number; batch_size: number; seq_len: number; data: Record<string, string>; entries: BoardEntry[] }
export interface Added { trials: number; created: number; requeued: number }
export interface Requeued { trials: number; requeued: number }
export interface Canceled { canceled: number; kept: number }

// A refusal of the coordinator, or no answer at all (status 0).
export class ApiError extends Error {
  constructor(readonly status: number, readonly code: string, message: string, readonly hint: string) {
    super(message);
  }
}

async function request<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch {
    throw new ApiError(0, "UNREACHABLE", "The coordinator does not answer.", "Trainers go on without it; this page comes back by itself.");
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body as T;
  const error = body?.error ?? {};
  throw new ApiError(response.status, error.code ?? "UNKNOWN", error.message ?? `The coordinator answered ${response.status}.`, error.hint ?? "");
}

const get = <T>(path: string) => request<T>(`/api/v1${path}`);
const post = <T>(path: string) =>
  request<T>(`/api/v1${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
const part = encodeURIComponent;

// Steps of a series, both ends included.
export interface Span { from: number; to: number }
const spanQuery = (span: Span | null) => (span ? `&from=${span.from}&to=${span.to}` : "");

export const api = {
  info: () => get<Info>("/info"),
  sweeps: () => get<SweepList>("/sweeps?limit=500"),
  sweep: (id: string) => get<SweepDetail>(`/sweeps/${part(id)}?trials=rows`),
  bands: (id: string, metric: string, span: Span | null) => get<Bands>(`/sweeps/${part(id)}/bands?metric=${part(metric)}&points=200${spanQuery(span)}`),
  costs: (id: string) => get<Costs>(`/sweeps/${part(id)}/costs`),
  verdicts: (id: string) => get<Verdicts>(`/sweeps/${part(id)}/verdicts`),
  trial: (id: string) => get<TrialDetail>(`/trials/${part(id)}`),
  metrics: (id: string, span: Span | null) => get<Metrics>(`/trials/${part(id)}/metrics?points=600${spanQuery(span)}`),
  log: (id: string) => get<Log>(`/trials/${part(id)}/log?bytes=65536`),
  workers: () => get<WorkerList>("/workers"),
  events: () => get<Happenings>("/events?limit=200"),
  leaderboard: () => get<{ boards: Board[] }>("/leaderboard"),
  addSeeds: (id: string, seeds: number) => post<Added>(`/sweeps/${part(id)}/add-seeds?seeds=${seeds}`),
  retrySweep: (id: string) => post<Requeued>(`/sweeps/${part(id)}/retry`),
  retryTrial: (id: string) => post<Requeued>(`/trials/${part(id)}/retry`),
  cancelSweep: (id: string) => post<Canceled>(`/sweeps/${part(id)}/cancel`),
  cancelTrial: (id: string) => post<Canceled>(`/trials/${part(id)}/cancel`),
  // Server-sent events: `begin`, `change`, `points`, `reset`. A browser that reconnects names the last event it saw by itself.
  stream: () => new EventSource("/api/v1/stream"),
};
