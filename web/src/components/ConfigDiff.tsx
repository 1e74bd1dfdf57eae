// Two cells of a sweep side by side: the parameters in which they differ, and how many they share.
import type { Sweep, Trial } from "../api";
import { plural, scalar } from "../format";
import { query, setQuery } from "../router";
import { cellText, sameValue } from "../summary";
import { CsvButton, Pick, Scroll, Section } from "./Parts";

type Settings = Record<string, unknown>;
interface Difference { name: string; a: string; b: string }

const text = (value: unknown) => (value === undefined ? "–" : scalar(value));

// Parameters and data, nested ones by dotted names; the seed is no setting of a cell.
function settingsOf(trial: Trial): Settings {
  const flat: Settings = {};
  const add = (prefix: string, value: unknown) => {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) for (const [k, v] of Object.entries(value)) add(`${prefix}.${k}`, v);
    else flat[prefix.slice(1)] = value;
  };
  add("", { ...trial.params, trainer: trial.trainer, data: trial.data });
  delete flat.seed;
  return flat;
}

function differences(a: Settings, b: Settings): Difference[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names.filter((n) => !sameValue(a[n], b[n])).map((name) => ({ name, a: text(a[name]), b: text(b[name]) }));
}

export function ConfigDiff({ sweep, trials }: { sweep: Sweep; trials: Trial[] }) {
  const cells = new Map<string, Trial>();
  for (const trial of trials) if (!cells.has(cellText(trial.cell))) cells.set(cellText(trial.cell), trial);
  const names = [...cells.keys()];
  if (names.length < 2) return null;
  const chosen = (key: string, fallback: number) => (names.includes(query.value.get(key) ?? "") ? (query.value.get(key) as string) : (names[fallback] as string));
  const [a, b] = [chosen("a", 0), chosen("b", 1)];
  const [left, right] = [settingsOf(cells.get(a) as Trial), settingsOf(cells.get(b) as Trial)];
  const rows = differences(left, right);
  const same = Object.keys(left).filter((n) => n in right && sameValue(left[n], right[n])).length;
  const tools = (
    <>
      <Pick label="A" value={a} options={names} onPick={(v) => setQuery({ a: v })} />
      <Pick label="B" value={b} options={names} onPick={(v) => setQuery({ b: v })} />
      <CsvButton name={`${sweep.name} difference`} table={() => ({ columns: ["parameter", a, b], rows: rows.map((r) => [r.name, r.a, r.b]) })} />
    </>
  );
  return (
    <Section title="Configuration" tools={tools}>
      {rows.length === 0 ? <p class="muted">A and B are the same cell.</p> : (
        <Scroll label="Differences of configuration">
          <table class="dense diff">
            <thead><tr><th scope="col">parameter</th><th scope="col">A: {a}</th><th scope="col">B: {b}</th></tr></thead>
            <tbody>{rows.map((r) => <tr key={r.name}><th scope="row">{r.name}</th><td class="mono">{r.a}</td><td class="mono">{r.b}</td></tr>)}</tbody>
          </table>
        </Scroll>
      )}
      <p class="muted small">{plural(same, "parameter")} the same in both.</p>
    </Section>
  );
}
