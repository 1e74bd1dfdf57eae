// The experiment's six plots over one factor (the length, where it varies), and the loss against the pairs that each cell
// computes. Figures are means over admitted seeds with their 95 % intervals.
import { api, type Costs, type Sweep, type Trial } from "../api";
import { figure, plural, scalar } from "../format";
import { against, groupTrials, type Grouping, improvement, measure, type Measure, metricOf } from "../grouping";
import { query, setQuery } from "../router";
import { useResource } from "../resource";
import { counts } from "../summary";
import { type Group, IntervalPlot, Swatches, type Tick } from "./IntervalPlot";
import { Pick, Scroll, Section } from "./Parts";
import { TableTwin } from "./TableTwin";

const ACCURACY = "val/accuracy";

// Attended (query, key) pairs of a window over all layers: spec's P(k, L) = k(k+1)/2 + (L-k)k.
export function pairsOf(keys: number[], length: number): number {
  return keys.map((key) => Math.min(key, length)).reduce((sum, k) => sum + (k * (k + 1)) / 2 + (length - k) * k, 0);
}

function costMeasures(costs: Costs | null): { time: Measure; pairs: Measure } {
  const known = new Map((costs?.costs ?? []).map((c) => [c.trial, c]));
  return {
    time: (t) => 1000 * (known.get(t.id)?.time_per_step ?? Number.NaN),
    pairs: (t) => {
      const cost = known.get(t.id);
      return cost?.layer_k && cost.seq_len ? pairsOf(cost.layer_k, cost.seq_len) : Number.NaN;
    },
  };
}

// The same groups at the last place alone, a bar each.
function barsOf(grouping: Grouping, of: Measure): { groups: Group[]; ticks: Tick[] } {
  const last = grouping.ticks.length - 1;
  const groups = measure(grouping, of).map((g, i) => ({ ...g, marks: g.marks.filter((m) => m.x === last).map((m) => ({ ...m, x: i })) }));
  return { groups, ticks: groups.map((g, at) => ({ at, text: groups.length > 3 ? "" : g.label })) };
}

function AccuracyTable({ grouping, groups, name }: { grouping: Grouping; groups: Group[]; name: string }) {
  const invalid = groups.some((g) => !g.valid);
  return (
    <figure class={`chart ${invalid ? "watermarked" : ""}`} data-mark={invalid ? "INVALID" : undefined}>
      <h3>validation accuracy (%)</h3>
      <Scroll label="Validation accuracy">
        <table class="dense accuracy">
          <thead><tr><th scope="col">{grouping.axis.name}</th>{grouping.ticks.map((t) => <th key={t.at} scope="col" class="num">{t.text}</th>)}</tr></thead>
          <tbody>
            {groups.map((g) => (
              <tr key={g.label}>
                <th scope="row">{g.label}{!g.valid && <span class="invalid-tag">INVALID</span>}</th>
                {grouping.ticks.map((t) => {
                  const mark = g.marks.find((m) => m.x === t.at);
                  return <td key={t.at} class="num">{mark ? figure(mark.y) : "–"}{mark?.interval && <small class="muted">{figure(mark.interval[0])} … {figure(mark.interval[1])}</small>}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <TableTwin name={name} table={() => ({
        columns: ["series", grouping.axis.name, "n", "accuracy_percent", "low", "high", "valid"],
        rows: groups.flatMap((g) => g.marks.map((m) => [g.label, grouping.ticks[m.x]?.text, m.n, m.y, m.interval?.[0], m.interval?.[1], g.valid ? "yes" : "INVALID"])),
      })} />
    </figure>
  );
}

// Decades between the lowest and the highest, as ticks of log10.
function decades(groups: Group[]): Tick[] {
  const xs = groups.flatMap((g) => g.marks.map((m) => m.x));
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const middle = Array.from({ length: 3 }, (_, i) => low + ((high - low) * (i + 0.5)) / 3);
  return (high > low ? middle : [low]).map((at) => ({ at, text: figure(10 ** at, 2) }));
}

function Budget({ grouping, pairs, of, metric, name }: { grouping: Grouping; pairs: Measure; of: Measure; metric: string; name: string }) {
  const groups = against(grouping, (t) => Math.log10(pairs(t)), of);
  if (!groups.some((g) => g.marks.length > 0)) return null;
  return <IntervalPlot name={`${name} budget`} title={`${metric} against pairs computed`} groups={groups} xLabel="attended pairs of a window, all layers (log)" yLabel={metric} ticks={decades(groups)} kind="points" xOf={(x) => Math.round(10 ** x)} />;
}

export function Comparison({ sweep, trials }: { sweep: Sweep; trials: Trial[] }) {
  const done = trials.filter(counts).length;
  const { data } = useResource(done > 0 ? `costs/${sweep.id}` : null, () => api.costs(sweep.id), (c) => c.sweeps.includes(sweep.id), 5000);
  if (done === 0) return null;
  const grouping = groupTrials(trials);
  const { time, pairs } = costMeasures(data.value);
  const metric = sweep.metric.name;
  const of = metricOf(metric);
  const axis = grouping.axis.name || "all";
  const common = { xLabel: axis, ticks: grouping.ticks };
  const labels = grouping.groups.map((g) => g.label);
  const over = labels.includes(query.value.get("over") ?? "") ? (query.value.get("over") as string) : labels.includes("uniform_sparse") ? "uniform_sparse" : (labels[0] as string);
  const baseline = grouping.groups.find((g) => g.label === over);
  const bars = barsOf(grouping, of);
  const accuracy = measure(grouping, metricOf(ACCURACY, 100));
  const longest = grouping.ticks[grouping.ticks.length - 1]?.text;
  const last = grouping.axis.name ? `${metric} at ${axis} ${longest}` : `${metric} of each cell`;
  const seeds = new Set(trials.map((t) => scalar(t.seed))).size;
  return (
    <Section title="Comparison" tools={labels.length > 1 && <Pick label="Baseline" value={over} options={labels} onPick={(v) => setQuery({ over: v })} />}>
      <p class="muted small">{plural(done, "admitted result")} of {plural(seeds, "seed")}; {seeds > 2 ? "bars are 95 % intervals of the mean (BCa)" : "three seeds give intervals"}.</p>
      <Swatches groups={grouping.groups.map((g, i) => ({ label: g.label, color: i, dash: i }))} />
      <div class="charts">
        <IntervalPlot name={`${sweep.name} ${metric}`} title={`${metric} against ${axis}`} groups={measure(grouping, of)} yLabel={metric} {...common} />
        <IntervalPlot name={`${sweep.name} accuracy`} title={`accuracy against ${axis}`} groups={accuracy} yLabel="accuracy (%)" {...common} />
        <IntervalPlot name={`${sweep.name} time`} title={`time per step against ${axis}`} groups={measure(grouping, time)} yLabel="median step (ms)" {...common} />
        <IntervalPlot name={`${sweep.name} longest`} title={last} groups={bars.groups} xLabel="" yLabel={metric} ticks={bars.ticks} kind="bars" />
        {baseline && <IntervalPlot name={`${sweep.name} improvement`} title={`improvement over ${over} (%)`} groups={improvement(grouping, baseline, of, sweep.metric.goal)} yLabel="better by %" {...common} />}
        {accuracy.some((g) => g.marks.length > 0) && <AccuracyTable grouping={grouping} groups={accuracy} name={`${sweep.name} accuracy table`} />}
        <Budget grouping={grouping} pairs={pairs} of={of} metric={metric} name={sweep.name} />
      </div>
    </Section>
  );
}
