// The trials of a sweep: filter, sort by any column, open one.
import { useSignal } from "@preact/signals";
import type { Sweep, Trial } from "../api";
import { figure, plural, scalar, toNumber } from "../format";
import { query, setQuery, trialPath } from "../router";
import { factorsOf, isInvalid } from "../summary";
import { CsvButton, Scroll, Search, Section } from "./Parts";
import { StateTag } from "./StateTag";

const PAGE = 200; // rows drawn at first, and by each "show more"

interface Column { name: string; numeric: boolean; of: (trial: Trial) => string | number }

function columnsOf(sweep: Sweep, trials: Trial[]): Column[] {
  const others = ["val/accuracy", "val/ppl"].filter((m) => m !== sweep.metric.name && trials.some((t) => m in t.metrics));
  return [
    { name: "state", numeric: false, of: (t) => t.state },
    ...factorsOf(trials).map((f): Column => ({ name: f.name, numeric: f.values.every((v) => typeof v === "number"), of: (t) => (typeof t.cell[f.name] === "number" ? (t.cell[f.name] as number) : scalar(t.cell[f.name] ?? "")) })),
    { name: "seed", numeric: true, of: (t) => t.seed },
    { name: "step", numeric: true, of: (t) => t.step },
    ...[sweep.metric.name, ...others].map((m): Column => ({ name: m, numeric: true, of: (t) => toNumber(t.metrics[m]) })),
    { name: "attempts", numeric: true, of: (t) => t.attempt_count },
  ];
}

const textOf = (trial: Trial) =>
  [trial.id, trial.state, trial.cause ?? "", `seed ${trial.seed}`, isInvalid(trial) ? "invalid" : "", ...Object.entries(trial.cell).map(([k, v]) => `${k} ${scalar(v)}`)].join(" ").toLowerCase();

const matches = (trial: Trial, filter: string) => filter.toLowerCase().split(/\s+/).every((word) => textOf(trial).includes(word));

// By the column's value; missing figures last in either direction.
function sorted(trials: Trial[], column: Column | undefined, descending: boolean): Trial[] {
  if (!column) return trials;
  const sign = descending ? -1 : 1;
  return [...trials].sort((a, b) => {
    const [x, y] = [column.of(a), column.of(b)];
    if (typeof x === "string" || typeof y === "string") return sign * String(x).localeCompare(String(y));
    return Number.isNaN(x) || Number.isNaN(y) ? Number(Number.isNaN(x)) - Number(Number.isNaN(y)) : sign * (x - y);
  });
}

function Head({ column, sort, onSort }: { column: Column; sort: string; onSort: (name: string) => void }) {
  const direction = sort === column.name ? "ascending" : sort === `-${column.name}` ? "descending" : undefined;
  return (
    <th scope="col" class={column.numeric ? "num" : ""} aria-sort={direction ?? "none"}>
      <button type="button" onClick={() => onSort(direction === "ascending" ? `-${column.name}` : column.name)}>
        {column.name}<span aria-hidden="true">{direction === "ascending" ? " ↑" : direction === "descending" ? " ↓" : ""}</span>
      </button>
    </th>
  );
}

function Body({ trial, column }: { trial: Trial; column: Column }) {
  if (column.name === "state") {
    return <td><StateTag state={trial.state} />{trial.cause && <span class="muted"> {trial.cause}</span>}{isInvalid(trial) && <span class="invalid-tag">INVALID</span>}</td>;
  }
  if (column.name === "step") return <td class="num">{trial.step}<span class="muted">{trial.steps_total > 0 && ` / ${trial.steps_total}`}</span></td>;
  const value = column.of(trial);
  return <td class={column.numeric ? "num" : ""}>{typeof value === "number" ? (Number.isNaN(value) && !(column.name in trial.metrics) ? "–" : figure(value, 5)) : value}</td>;
}

export function TrialTable({ sweep, trials }: { sweep: Sweep; trials: Trial[] }) {
  const drawn = useSignal(PAGE);
  const columns = columnsOf(sweep, trials);
  const filter = query.value.get("filter") ?? "";
  const sort = query.value.get("sort") ?? "";
  const found = sorted(trials.filter((t) => matches(t, filter)), columns.find((c) => c.name === sort.replace(/^-/, "")), sort.startsWith("-"));
  const tools = (
    <>
      <Search label="Filter trials" value={filter} onInput={(text) => setQuery({ filter: text || null })} />
      <CsvButton name={`${sweep.name} trials`} table={() => ({ columns: ["trial", ...columns.map((c) => c.name), "valid"], rows: found.map((t) => [t.id, ...columns.map((c) => c.of(t)), isInvalid(t) ? "INVALID" : t.valid ? "yes" : ""]) })} />
    </>
  );
  return (
    <Section title={`Trials · ${filter ? `${found.length} of ${trials.length}` : trials.length}`} tools={tools}>
      <Scroll label="Trials">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">trial</th>
              {columns.map((c) => <Head key={c.name} column={c} sort={sort} onSort={(name) => setQuery({ sort: name })} />)}
            </tr>
          </thead>
          <tbody>
            {found.slice(0, drawn.value).map((trial) => (
              <tr key={trial.id}>
                <th scope="row"><a data-row href={trialPath(trial.id, sweep.id)} class="mono">{trial.id.slice(0, 8)}</a></th>
                {columns.map((c) => <Body key={c.name} trial={trial} column={c} />)}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {found.length === 0 && <p class="muted">No trial matches “{filter}”.</p>}
      {found.length > drawn.value && <button type="button" onClick={() => (drawn.value += PAGE)}>Show {Math.min(PAGE, found.length - drawn.value)} more of {plural(found.length, "trial")}</button>}
    </Section>
  );
}
