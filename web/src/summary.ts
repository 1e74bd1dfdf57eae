// Trials summed up over their seeds. Only describes (mean, lowest, highest, n); judging is the report's business.
import { STATES, type Scalar, type Sweep, type Trial, type TrialState } from "./api";
import { scalar, toNumber } from "./format";

export interface Factor { name: string; values: Scalar[] }

const rank = (value: Scalar) => (typeof value === "number" ? value : Number.NaN);

// The factors that vary in a sweep; numbers grow, other values keep the order of the grid.
export function factorsOf(trials: { cell: Record<string, Scalar> }[]): Factor[] {
  const values = new Map<string, Map<string, Scalar>>();
  for (const { cell } of trials) {
    for (const [name, value] of Object.entries(cell)) {
      const known = values.get(name) ?? new Map<string, Scalar>();
      known.set(JSON.stringify(value), value);
      values.set(name, known);
    }
  }
  return [...values].map(([name, known]) => {
    const list = [...known.values()];
    return { name, values: list.every((v) => typeof v === "number") ? list.sort((a, b) => rank(a) - rank(b)) : list };
  });
}

// The two factors to show first: schedule × seq_len where they vary, else those with most values.
export function firstTwo(factors: Factor[]): [Factor | null, Factor | null] {
  const named = (name: string) => factors.find((f) => f.name === name);
  const bySize = [...factors].sort((a, b) => b.values.length - a.values.length);
  const row = named("schedule") ?? bySize.find((f) => f.name !== "seq_len") ?? bySize[0] ?? null;
  const column = named("seq_len") ?? bySize.find((f) => f !== row) ?? null;
  return [row, column === row ? null : column];
}

export const sameValue = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

// A run of a reference mode. `valid` is false for every trial without a result: only a result, or a reason, makes it a judgement.
export const isInvalid = (trial: Trial) => !trial.valid && (trial.state === "succeeded" || trial.invalid_reasons.length > 0);

// Whether a trial's final figure counts: admitted results of succeeded trials.
export const counts = (trial: Trial) => trial.state === "succeeded" && trial.admitted;

export interface CellSummary {
  n: number;
  mean: number;
  low: number;
  high: number;
  values: number[];
  valid: boolean;
  running: number;
  trials: Trial[];
}

function describe(values: number[]): Pick<CellSummary, "n" | "mean" | "low" | "high" | "values"> {
  const n = values.length;
  return { n, values, mean: values.reduce((a, b) => a + b, 0) / n, low: Math.min(...values), high: Math.max(...values) };
}

export function summarize(trials: Trial[], metric: string): CellSummary {
  const done = trials.filter((t) => counts(t) && t.metrics[metric] !== undefined);
  return {
    ...describe(done.map((t) => toNumber(t.metrics[metric]))),
    valid: !done.some(isInvalid),
    running: trials.filter((t) => t.state === "running" || t.state === "suspect").length,
    trials,
  };
}

// a − b for each seed that both have.
export function pairedDifference(a: Trial[], b: Trial[], metric: string): CellSummary {
  const other = new Map(b.filter(counts).map((t) => [t.seed, t]));
  const pairs = a.filter(counts).flatMap((t) => {
    const match = other.get(t.seed);
    return match && t.metrics[metric] !== undefined && match.metrics[metric] !== undefined ? [[t, match] as const] : [];
  });
  return {
    ...describe(pairs.map(([x, y]) => toNumber(x.metrics[metric]) - toNumber(y.metrics[metric]))),
    valid: !pairs.flat().some(isInvalid),
    running: 0,
    trials: a,
  };
}

export function metricNames(trials: Trial[], objective: string): string[] {
  const names = new Set([objective]);
  for (const trial of trials) for (const name of Object.keys(trial.metrics)) names.add(name);
  return [...names];
}

export const countOf = (sweep: Sweep, state: TrialState) => sweep.counts[state] ?? 0;
export const endedOf = (sweep: Sweep) =>
  STATES.filter((s) => s !== "queued" && s !== "running" && s !== "suspect").reduce((sum, s) => sum + countOf(sweep, s), 0);

export const cellText = (cell: Record<string, Scalar>) => Object.values(cell).map(scalar).join(" ");
