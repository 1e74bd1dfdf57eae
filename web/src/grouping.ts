// The trials of a sweep as the plots want them: a group for each combination of the other factors, a place for each value
// of the axis, with the paired mean and interval over the seeds.
import type { Scalar, Trial } from "./api";
import type { Group, Mark, Tick } from "./components/IntervalPlot";
import { intervalOf } from "./bootstrap";
import { scalar, toNumber } from "./format";
import { cellText, counts, type Factor, factorsOf, firstTwo, isInvalid, sameValue } from "./summary";

export interface Place { value: Scalar; trials: Trial[] } // admitted trials only
export interface TrialGroup { label: string; cell: Record<string, Scalar>; places: Place[] }
export interface Grouping { axis: Factor; ticks: Tick[]; groups: TrialGroup[] }

const WITHOUT: Factor = { name: "", values: [null] };

export function groupTrials(trials: Trial[]): Grouping {
  const axis = firstTwo(factorsOf(trials))[1] ?? WITHOUT;
  const groups = new Map<string, TrialGroup>();
  for (const trial of trials) {
    const { [axis.name]: value = null, ...cell } = trial.cell;
    const key = JSON.stringify(cell);
    const group = groups.get(key) ?? { label: cellText(cell) || "all", cell, places: axis.values.map((v) => ({ value: v, trials: [] })) };
    groups.set(key, group);
    if (counts(trial)) group.places.find((p) => sameValue(p.value, value))?.trials.push(trial);
  }
  return { axis, ticks: axis.values.map((v, at) => ({ at, text: v === null ? "all" : scalar(v) })), groups: [...groups.values()] };
}

function markOf(x: number, values: number[]): Mark {
  return { x, y: values.reduce((a, b) => a + b, 0) / values.length, interval: intervalOf(values), n: values.length };
}

export type Measure = (trial: Trial) => number;
export const metricOf = (name: string, scale = 1): Measure => (trial) => scale * toNumber(trial.metrics[name]);

const isKnown = (value: number) => !Number.isNaN(value);

// One mark a group and place where any trial has a figure.
export function measure({ groups }: Grouping, of: Measure): Group[] {
  return groups.map((group, i) => ({
    label: group.label, color: i, dash: i,
    valid: !group.places.some((p) => p.trials.some(isInvalid)),
    marks: group.places.flatMap((place, x) => {
      const values = place.trials.map(of).filter(isKnown);
      return values.length > 0 ? [markOf(x, values)] : [];
    }),
  }));
}

// How many percent better each group is than `baseline`, by seed pairs, averaged.
export function improvement({ groups }: Grouping, baseline: TrialGroup, of: Measure, goal: "minimize" | "maximize"): Group[] {
  const sign = goal === "minimize" ? 1 : -1;
  return groups.flatMap((group, i) => (group === baseline ? [] : [{
    label: group.label, color: i, dash: i,
    valid: ![...group.places, ...baseline.places].some((p) => p.trials.some(isInvalid)),
    marks: group.places.flatMap((place, x) => {
      const against = new Map((baseline.places[x] as Place).trials.map((t) => [t.seed, of(t)]));
      const values = place.trials.map((t) => {
        const base = against.get(t.seed) ?? Number.NaN;
        return (100 * sign * (base - of(t))) / base;
      }).filter(isKnown);
      return values.length > 0 ? [markOf(x, values)] : [];
    }),
  }]));
}

// The mean of each group and place of `y` over the mean of `x`: figures of a cell against each other.
export function against(grouping: Grouping, x: Measure, y: Measure): Group[] {
  const [xs, ys] = [measure(grouping, x), measure(grouping, y)];
  return ys.map((group, i) => ({
    ...group,
    marks: group.marks.flatMap((mark) => {
      const at = xs[i]?.marks.find((m) => m.x === mark.x);
      return at ? [{ ...mark, x: at.y }] : [];
    }),
  }));
}
