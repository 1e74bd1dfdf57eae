// The cells of a sweep over two of its factors, coloured by their mean, or by their difference from one row paired by seed.
// It is a table: each figure stands in it, with n and the spread over the seeds.
import type { Sweep, Trial } from "../api";
import type { Table } from "../csv";
import { intervalOf } from "../bootstrap";
import { figure, plural, scalar, signed } from "../format";
import { difference, heat, type Shade } from "../palette";
import { query, setQuery, trialPath } from "../router";
import { type CellSummary, type Factor, factorsOf, firstTwo, metricNames, pairedDifference, sameValue, summarize } from "../summary";
import { CsvButton, Pick, Scroll, Section } from "./Parts";

const ALL: Factor = { name: "", values: [null] };

interface Grid { row: Factor; column: Factor; others: Factor[]; cells: CellSummary[][]; metric: string; baseline: string }

// The trials at one place; every factor that is not an axis is held at its chosen value.
function at(trials: Trial[], fixed: [string, unknown][]): Trial[] {
  return trials.filter((t) => fixed.every(([name, value]) => name === "" || sameValue(t.cell[name], value)));
}

function buildGrid(trials: Trial[], sweep: Sweep): Grid {
  const factors = factorsOf(trials);
  const [first, second] = firstTwo(factors);
  const named = (name: string | null) => factors.find((f) => f.name === name);
  const row = named(query.value.get("rows")) ?? first ?? ALL;
  const column = [named(query.value.get("columns")), second, first].find((f) => f && f.name !== row.name) ?? ALL;
  const others = factors.filter((f) => f !== row && f !== column);
  const held = others.map((f): [string, unknown] => [f.name, f.values.find((v) => scalar(v) === query.value.get(`at.${f.name}`)) ?? f.values[0]]);
  const metric = query.value.get("metric") ?? sweep.metric.name;
  const baseline = row.values.some((v) => scalar(v) === query.value.get("minus")) ? (query.value.get("minus") as string) : "";
  const place = (r: unknown, c: unknown) => at(trials, [[row.name, r], [column.name, c], ...held]);
  const against = row.values.find((v) => scalar(v) === baseline);
  const cells = row.values.map((r) =>
    column.values.map((c) => (baseline ? pairedDifference(place(r, c), place(against, c), metric) : summarize(place(r, c), metric))));
  return { row, column, others, cells, metric, baseline };
}

// Colours over some cells of the grid; `better` is 1 where larger is better.
function shader(grid: Grid, cells: CellSummary[], better: 1 | -1): (cell: CellSummary) => Shade | undefined {
  const means = cells.filter((c) => c.n > 0 && Number.isFinite(c.mean)).map((c) => c.mean);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const reach = Math.max(...means.map(Math.abs));
  return (cell) => {
    if (cell.n === 0 || !Number.isFinite(cell.mean)) return undefined;
    if (grid.baseline) return difference(reach > 0 ? (better * cell.mean) / reach : 0);
    const t = high > low ? (cell.mean - low) / (high - low) : 0.5;
    return heat(better > 0 ? t : 1 - t);
  };
}

function HeatCell({ cell, shade, grid, sweep }: { cell: CellSummary; shade: Shade | undefined; grid: Grid; sweep: string }) {
  if (cell.trials.length === 0) return <td class="hole">not in the grid</td>;
  const only = cell.trials.length === 1 ? cell.trials[0] : undefined;
  const text = grid.baseline ? signed(cell.mean) : figure(cell.mean);
  const spread = cell.n > 1 ? `${figure(cell.low)} … ${figure(cell.high)} over the seeds` : "one seed";
  const interval = intervalOf(cell.values);
  const content = cell.n === 0
    ? <span class="muted">{cell.running > 0 ? "running" : only ? only.state : "waiting"}</span>
    : <><b class="num">{text}</b>{interval && <i class="num">{figure(interval[0], 3)} … {figure(interval[1], 3)}</i>}<small>n = {cell.n}{cell.valid ? "" : " · INVALID"}</small></>;
  return (
    <td style={shade} title={cell.n > 0 ? `${spread}; ${plural(cell.trials.length, "trial")} here` : undefined} class={cell.valid ? "" : "invalid-cell"}>
      {only ? <a href={trialPath(only.id, sweep)}>{content}</a> : content}
    </td>
  );
}

function tableOf(grid: Grid): Table {
  const rows = grid.row.values.flatMap((r, i) => grid.column.values.map((c, j) => {
    const cell = grid.cells[i]?.[j] as CellSummary;
    const interval = intervalOf(cell.values);
    return [r === null ? "" : scalar(r), c === null ? "" : scalar(c), cell.n, ...(cell.n > 0 ? [cell.mean, interval?.[0], interval?.[1], cell.low, cell.high] : Array(5)), cell.valid ? "yes" : "INVALID"];
  }));
  return { columns: [grid.row.name || "row", grid.column.name || "column", "n", "mean", "interval_low", "interval_high", "lowest", "highest", "valid"], rows };
}

function Tools({ grid, sweep, trials }: { grid: Grid; sweep: Sweep; trials: Trial[] }) {
  const names = factorsOf(trials).map((f) => f.name);
  return (
    <>
      <Pick label="Metric" value={grid.metric} options={metricNames(trials, sweep.metric.name)} onPick={(v) => setQuery({ metric: v })} />
      {names.length > 1 && <Pick label="Rows" value={grid.row.name} options={names} onPick={(v) => setQuery({ rows: v, columns: v === grid.column.name ? grid.row.name : grid.column.name, minus: null })} />}
      {names.length > 2 && <Pick label="Columns" value={grid.column.name} options={names.filter((n) => n !== grid.row.name)} onPick={(v) => setQuery({ columns: v })} />}
      {grid.others.map((f) => (
        <Pick key={f.name} label={f.name} value={query.value.get(`at.${f.name}`) ?? scalar(f.values[0])} options={f.values.map(scalar)} onPick={(v) => setQuery({ [`at.${f.name}`]: v })} />
      ))}
      {grid.row.values.length > 1 && (
        <Pick label="Show" value={grid.baseline} options={[["", "values"], ...grid.row.values.map((v): [string, string] => [scalar(v), `minus ${scalar(v)}`])]} onPick={(v) => setQuery({ minus: v || null })} />
      )}
      {grid.column.values.length > 1 && (
        <Pick label="Colour" value={query.value.get("colour") ?? ""} options={[["", "over all cells"], ["column", "in each column"]]} onPick={(v) => setQuery({ colour: v || null })} />
      )}
      <CsvButton name={`${sweep.name} ${grid.metric}`} table={() => tableOf(grid)} />
    </>
  );
}

function Scale({ grid, better }: { grid: Grid; better: 1 | -1 }) {
  const stops = Array.from({ length: 9 }, (_, i) => (grid.baseline ? difference(i / 4 - 1) : heat(i / 8)).background);
  return (
    <p class="scale muted">
      worse <span style={{ background: `linear-gradient(to right, ${stops.join(",")})` }} /> better
      <span class="note">
        {better > 0 ? "higher" : "lower"} is better; {grid.baseline ? "means of the differences over the seeds both have" : "means over admitted seeds"}, with 95 % intervals from three seeds on
      </span>
    </p>
  );
}

export function HeatMap({ sweep, trials }: { sweep: Sweep; trials: Trial[] }) {
  const grid = buildGrid(trials, sweep);
  const higher = grid.metric === sweep.metric.name ? sweep.metric.goal === "maximize" : /accuracy|score|recall/.test(grid.metric);
  const better = higher ? 1 : -1;
  const shades = grid.column.values.map((_, j) =>
    shader(grid, query.value.get("colour") === "column" ? grid.cells.map((row) => row[j] as CellSummary) : grid.cells.flat(), better));
  return (
    <Section title="Cells" tools={<Tools grid={grid} sweep={sweep} trials={trials} />}>
      <Scroll label="Heat map">
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">{grid.row.name}<span class="muted">{grid.column.name && ` × ${grid.column.name}`}</span></th>
              {grid.column.values.map((c) => <th key={scalar(c)} scope="col">{c === null ? grid.metric : scalar(c)}</th>)}
            </tr>
          </thead>
          <tbody>
            {grid.row.values.map((r, i) => (
              <tr key={scalar(r)}>
                <th scope="row">{r === null ? "all" : scalar(r)}</th>
                {grid.cells[i]?.map((cell, j) => <HeatCell key={j} cell={cell} shade={shades[j]?.(cell)} grid={grid} sweep={sweep.id} />)}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Scale grid={grid} better={better} />
    </Section>
  );
}
