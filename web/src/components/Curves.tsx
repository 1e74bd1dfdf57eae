// Curves of a sweep: one line a cell, the mean over its seeds between the lowest and the highest. The first factor is the
// colour, the second the dash; values of the second can be picked out.
import { useMemo } from "preact/hooks";
import { api, type Scalar, type Sweep, type Trial } from "../api";
import { plural, scalar } from "../format";
import { query, setQuery } from "../router";
import { useResource } from "../resource";
import { cellText, countOf, type Factor, factorsOf, firstTwo, meanCurves, sameValue } from "../summary";
import { Chart, type Line } from "./Chart";
import { Failure, Pending, Pick, Section } from "./Parts";

const place = (factor: Factor | null, cell: Record<string, Scalar>) =>
  factor ? Math.max(0, factor.values.findIndex((v) => sameValue(v, cell[factor.name]))) : 0;

export function Curves({ sweep, trials }: { sweep: Sweep; trials: Trial[] }) {
  const metric = query.value.get("metric") ?? sweep.metric.name;
  const { data, error } = useResource(`curves/${sweep.id}/${metric}`, () => api.curves(sweep.id, metric), (c) => c.sweeps.includes(sweep.id), 2000);
  const factors = factorsOf(trials);
  const [first, second] = firstTwo(factors);
  const only = second?.values.find((v) => scalar(v) === query.value.get("only"));
  const curves = data.value;
  const lines = useMemo((): Line[] => {
    const shown = (curves?.series ?? []).filter((s) => only === undefined || !second || sameValue(s.cell[second.name], only));
    return meanCurves(shown).map((curve) => ({
      label: cellText(curve.cell) || sweep.name,
      color: place(first, curve.cell),
      dash: only === undefined ? place(second, curve.cell) : 0,
      x: curve.x,
      y: curve.mean,
      ...(curve.seeds > 1 ? { low: curve.low, high: curve.high } : {}),
    }));
  }, [curves, only, sweep.name]);
  const tools = second && (
    <Pick label={second.name} value={only === undefined ? "" : scalar(only)} options={[["", "all"], ...second.values.map((v): [string, string] => [scalar(v), scalar(v)])]} onPick={(v) => setQuery({ only: v || null })} />
  );
  return (
    <Section title="Curves" tools={tools}>
      {!curves && <Pending error={error.value} />}
      {curves && error.value && <Failure error={error.value} />}
      {curves && lines.length === 0 && <p class="muted">No points of {metric} yet. {plural(countOf(sweep, "running"), "trial")} running.</p>}
      {lines.length > 0 && <Chart name={`${sweep.name} ${metric}`} lines={lines} yLabel={metric} height={320} />}
    </Section>
  );
}
