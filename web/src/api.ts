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

export interface Trial {
  id: string;
  cell: Record<string, Scalar>;
  seed: number;
  state: TrialState;
  params: Record<string, unknown>;
  step: number;
  steps_total: number;
  metrics: Record<string, Figure>;
  first_metrics: Record<string, Figure>;
  attempts: Attempt[];
  admitted: boolean;
  valid: boolean;
  invalid_reasons: string[];
  cause: string | null;
  explain: string;
  audits: Audit[];
  trainer: string;
  data: Record<string, unknown>;
}

// One layer of a `stats` event; figures that do not apply to a layer are absent.
export type LayerStats = Record<string, Figure | Figure[] | undefined>;

export interface SweepList { cursor: number; sweeps: Sweep[] }
export interface SweepDetail { cursor: number; sweep: Sweep; trials: Trial[] }
export interface TrialDetail {
  cursor: number;
  trial: Trial;
  sweeps: string[]; // that hold it, oldest first
  stats: { step?: number; layers?: LayerStats[] } | null;
  result: Record<string, unknown> | null;
  notes: string[];
}
export interface Series { trial: string; cell: Record<string, Scalar>; seed: number; points: Point[] }
export interface Curves { metric: string; series: Series[] }
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

export const api = {
  info: () => get<Info>("/info"),
  sweeps: () => get<SweepList>("/sweeps?limit=500"),
  sweep: (id: string) => get<SweepDetail>(`/sweeps/${part(id)}`),
  curves: (id: string, metric: string) => get<Curves>(`/sweeps/${part(id)}/curves?metric=${part(metric)}&points=200`),
  trial: (id: string) => get<TrialDetail>(`/trials/${part(id)}`),
  metrics: (id: string) => get<Metrics>(`/trials/${part(id)}/metrics?points=600`),
  log: (id: string) => get<Log>(`/trials/${part(id)}/log?bytes=65536`),
  workers: () => get<WorkerList>("/workers"),
  cancelSweep: (id: string) => post<Canceled>(`/sweeps/${part(id)}/cancel`),
  cancelTrial: (id: string) => post<Canceled>(`/trials/${part(id)}/cancel`),
  // Server-sent events: `change`, `points`, `reset`. A browser that reconnects names the last event it saw by itself.
  stream: () => new EventSource("/api/v1/stream"),
};
