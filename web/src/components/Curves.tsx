// Curves of a sweep: one line a cell, the mean over its seeds between the lowest and the highest. The first factor is the
// colour, the second the dash; values of the second can be picked out.
import { useMemo, useRef } from "preact/hooks";
import { api, type Bands, type Scalar, type Sweep, type Trial } from "../api";
import { plural, scalar, toNumber } from "../format";
import { query, setQuery } from "../router";
import { useResource } from "../resource";
import { cellText, countOf, type Factor, factorsOf, firstTwo, isInvalid, sameValue } from "../summary";
import { Chart, type Line } from "./Chart";
import { Failure, Pending, Pick, Section } from "./Parts";
import { Range, spanKey, spanOf, zoomTo } from "./Range";

const place = (factor: Factor | null, cell: Record<string, Scalar>) =>
  factor ? Math.max(0, factor.values.findIndex((v) => sameValue(v, cell[factor.name]))) : 0;

export function Curves({ sweep, trials }: { sweep: Sweep; trials: Trial[] }) {
  const metric = query.value.get("metric") ?? sweep.metric.name;
  const span = spanOf();
  const { data, error } = useResource(`bands/${sweep.id}/${metric}/${spanKey(span)}`, () => api.bands(sweep.id, metric, span), (c) => c.sweeps.includes(sweep.id), 2000);
  const factors = factorsOf(trials);
  const [first, second] = firstTwo(factors);
  const only = second?.values.find((v) => scalar(v) === query.value.get("only"));
  const last = useRef<Bands | null>(null); // drawn until the range that was asked for is there
  const bands = data.value ?? (last.current?.metric === metric ? last.current : null);
  last.current = bands;
  const lines = useMemo((): Line[] => {
    const shown = (bands?.bands ?? []).filter((b) => only === undefined || !second || sameValue(b.cell[second.name], only));
    return shown.map((band) => {
      const column = (i: 1 | 2 | 3) => band.points.map((p) => toNumber(p[i]));
      return {
        label: cellText(band.cell) || sweep.name,
        color: place(first, band.cell),
        dash: only === undefined ? place(second, band.cell) : 0,
        x: band.points.map((p) => p[0]),
        y: column(1),
        ...(band.seeds > 1 || band.points.some((p) => p[2] !== p[3]) ? { low: column(2), high: column(3) } : {}),
      };
    });
  }, [bands, only, sweep.name]);
  const tools = (
    <>
      <Range />
      {second && <Pick label={second.name} value={only === undefined ? "" : scalar(only)} options={[["", "all"], ...second.values.map((v): [string, string] => [scalar(v), scalar(v)])]} onPick={(v) => setQuery({ only: v || null })} />}
    </>
  );
  return (
    <Section title="Curves" tools={tools}>
      {!bands && <Pending error={error.value} />}
      {bands && error.value && <Failure error={error.value} />}
      {bands && lines.length === 0 && <p class="muted">No points of {metric}{span ? " in this range" : " yet"}. {plural(countOf(sweep, "running"), "trial")} running.</p>}
      {lines.length > 0 && <Chart name={`${sweep.name} ${metric}`} lines={lines} yLabel={metric} height={320} invalid={trials.some(isInvalid)} onZoom={zoomTo} />}
    </Section>
  );
}
