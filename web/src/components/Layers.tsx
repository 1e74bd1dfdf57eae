// What each layer attends to: the last per-layer statistics of a trial.
import type { Figure, LayerStats } from "../api";
import type { Table } from "../csv";
import { figure, percent, toNumber } from "../format";
import { CsvButton, Scroll, Section } from "./Parts";

type One = Figure | undefined;
const COLUMNS: { key: string; title: string; hint: string; share: boolean }[] = [
  { key: "sparsity_causal", title: "sparsity", hint: "share of the allowed keys that are left out", share: true },
  { key: "mass_recall", title: "mass recall", hint: "share of dense attention mass on the selected keys", share: true },
  { key: "set_recall", title: "set recall", hint: "share of the truly strongest keys that are selected", share: true },
  { key: "entropy_norm", title: "entropy", hint: "entropy of attention over that of a uniform one", share: false },
  { key: "overlap_prev", title: "overlap", hint: "keys shared with the layer below", share: true },
  { key: "tie_rate", title: "ties", hint: "rows whose last selected score is tied", share: true },
];

function tableOf(layers: LayerStats[]): Table {
  const keys = ["layer_idx", "layer_k", "actual_k", "k_ratio", "sparsity", ...COLUMNS.map((c) => c.key)];
  return { columns: keys, rows: layers.map((layer) => keys.map((key) => (layer[key] === undefined ? null : toNumber(layer[key] as One)))) };
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

export function Layers({ name, stats }: { name: string; stats: { step?: number; layers?: LayerStats[] } | null }) {
  const layers = stats?.layers ?? [];
  if (layers.length === 0) return null;
  return (
    <Section title="Layers" tools={<><span class="muted">as of step {stats?.step ?? "–"}</span><CsvButton name={`${name} layers`} table={() => tableOf(layers)} /></>}>
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
    </Section>
  );
}
