// What each layer attends to: the last per-layer statistics of a trial, as a table and as a panel a figure.
import type { Figure, LayerStats } from "../api";
import type { Table } from "../csv";
import { figure, percent, toNumber } from "../format";
import { heat } from "../palette";
import { type Group, IntervalPlot } from "./IntervalPlot";
import { CsvButton, Scroll, Section } from "./Parts";
import { TableTwin } from "./TableTwin";

type One = Figure | undefined;
const COLUMNS: { key: string; title: string; hint: string; share: boolean }[] = [
  { key: "sparsity_causal", title: "sparsity", hint: "share of the allowed keys that are left out", share: true },
  { key: "mass_recall", title: "mass recall", hint: "share of dense attention mass on the selected keys", share: true },
  { key: "set_recall", title: "set recall", hint: "share of the truly strongest keys that are selected", share: true },
  { key: "entropy_norm", title: "entropy", hint: "entropy of attention over that of a uniform one", share: false },
  { key: "kl_dense", title: "KL", hint: "divergence of the indexer's distribution from dense attention", share: false },
  { key: "overlap_prev", title: "overlap", hint: "keys shared with the layer below", share: true },
  { key: "tie_rate", title: "ties", hint: "rows whose last selected score is tied", share: true },
];
const PANELS: [key: string, title: string][] = [
  ["actual_k", "keys a query (k)"], ["mass_recall", "mass recall"], ["set_recall", "set recall"], ["entropy_norm", "normalised entropy"], ["kl_dense", "KL to dense attention"],
];

interface Props { name: string; stats: { step?: number; layers?: LayerStats[] } | null; invalid: boolean }

const indexOf = (layer: LayerStats) => toNumber(layer.layer_idx as One);

function tableOf(layers: LayerStats[], invalid: boolean): Table {
  const keys = ["layer_idx", "layer_k", "actual_k", "k_ratio", "sparsity", ...COLUMNS.map((c) => c.key)];
  return {
    columns: [...keys, "valid"],
    rows: layers.map((layer) => [...keys.map((key) => (layer[key] === undefined ? null : toNumber(layer[key] as One))), invalid ? "INVALID" : "yes"]),
  };
}

function Row({ layer }: { layer: LayerStats }) {
  const ratio = toNumber(layer.k_ratio as One);
  return (
    <tr>
      <th scope="row" class="num">{figure(layer.layer_idx as One)}</th>
      <td class="num">{figure((layer.actual_k ?? layer.layer_k) as One)}</td>
      <td class="k-bar"><span class="meter"><span style={{ width: `${Math.min(100, Math.max(0, 100 * ratio)) || 0}%` }} /></span> <span class="num">{percent(layer.k_ratio as One)}</span></td>
      {COLUMNS.map((c) => {
        const value = layer[c.key] as One;
        return <td key={c.key} class="num">{c.share ? percent(value) : figure(value, 3)}</td>;
      })}
    </tr>
  );
}

function Panel({ layers, at: [key, title], name, invalid }: { layers: LayerStats[]; at: [string, string]; name: string; invalid: boolean }) {
  const marks = layers.filter((l) => l[key] !== undefined).map((l) => ({ x: indexOf(l), y: toNumber(l[key] as One), interval: null, n: 1 }));
  const groups: Group[] = [{ label: title, color: 0, dash: 0, marks, valid: !invalid }];
  return <IntervalPlot name={`${name} ${key}`} title={title} groups={groups} xLabel="layer" yLabel={title} ticks={layers.map((l) => ({ at: indexOf(l), text: String(l.layer_idx) }))} />;
}

// Bin b of a histogram holds the distances of b bits: 0, 1, 2-3, 4-7, …
const binName = (b: number) => (b < 2 ? String(b) : `${2 ** (b - 1)}–${2 ** b - 1}`);

function Distances({ layers, name, invalid }: { layers: LayerStats[]; name: string; invalid: boolean }) {
  const rows = layers.flatMap((layer) => {
    const counts = (Array.isArray(layer.distance_hist) ? layer.distance_hist : []).map(toNumber);
    const sum = counts.reduce((a, b) => a + b, 0);
    return sum > 0 ? [{ layer: indexOf(layer), shares: counts.map((c) => c / sum) }] : [];
  });
  if (rows.length === 0) return null;
  const bins = Array.from({ length: Math.max(...rows.map((r) => r.shares.length)) }, (_, b) => b);
  const most = Math.max(...rows.flatMap((r) => r.shares));
  return (
    <figure class={`chart ${invalid ? "watermarked" : ""}`} data-mark={invalid ? "INVALID" : undefined}>
      <h3>distance from query to selected key (share of a layer's pairs)</h3>
      <Scroll label="Distances">
        <table class="distances">
          <thead><tr><th scope="col">layer</th>{bins.map((b) => <th key={b} scope="col">{binName(b)}</th>)}</tr></thead>
          <tbody>
            {rows.map((r) => (
              <tr key={r.layer}><th scope="row" class="num">{r.layer}</th>{bins.map((b) => <td key={b} style={heat((r.shares[b] ?? 0) / most)}>{(100 * (r.shares[b] ?? 0)).toFixed(0)} %</td>)}</tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <TableTwin name={`${name} distances`} table={() => ({ columns: ["layer", ...bins.map(binName), "valid"], rows: rows.map((r) => [r.layer, ...bins.map((b) => r.shares[b] ?? 0), invalid ? "INVALID" : "yes"]) })} />
    </figure>
  );
}

export function Layers({ name, stats, invalid }: Props) {
  const layers = stats?.layers ?? [];
  if (layers.length === 0) return null;
  return (
    <Section title="Layers" tools={<><span class="muted">as of step {stats?.step ?? "–"}</span><CsvButton name={`${name} layers`} table={() => tableOf(layers, invalid)} /></>}>
      <div class={invalid ? "watermarked" : ""} data-mark={invalid ? "INVALID" : undefined}>
        <Scroll label="Per-layer statistics">
          <table>
            <thead>
              <tr>
                <th scope="col" class="num">layer</th><th scope="col" class="num">k</th><th scope="col">share of keys</th>
                {COLUMNS.map((c) => <th key={c.key} scope="col" class="num" title={c.hint}>{c.title}</th>)}
              </tr>
            </thead>
            <tbody>{layers.map((layer, i) => <Row key={i} layer={layer} />)}</tbody>
          </table>
        </Scroll>
      </div>
      <div class="charts">
        {PANELS.map((panel) => <Panel key={panel[0]} at={panel} layers={layers} name={name} invalid={invalid} />)}
        <Distances layers={layers} name={name} invalid={invalid} />
      </div>
    </Section>
  );
}
