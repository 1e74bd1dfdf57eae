// Means with their intervals over a few places of an axis: lines, bars or single points, drawn as SVG.
import type { Table } from "../csv";
import { figure, plural } from "../format";
import { lineColor, lineDash } from "../palette";
import { TableTwin } from "./TableTwin";

export interface Mark { x: number; y: number; interval: [low: number, high: number] | null; n: number }
export interface Group { label: string; color: number; dash: number; marks: Mark[]; valid: boolean }
export interface Tick { at: number; text: string }

interface Props {
  name: string; // of the twin's file
  title: string;
  groups: Group[];
  xLabel: string;
  yLabel: string;
  ticks: Tick[]; // of the x axis, ascending
  kind?: "lines" | "bars" | "points";
  xOf?: (x: number) => number; // what the twin says for a place between ticks
}

const WIDTH = 420;
const HEIGHT = 250;
const LEFT = 58;
const BOTTOM = 40;
const RIGHT = 10;
const TOP = 10;

// Round values from `low` to `high`, about four.
function niceTicks(low: number, high: number): number[] {
  const raw = (high - low) / 4 || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((s) => s * power >= raw) as number);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high + 1e-9 * step; ++i) ticks.push(i * step);
  return ticks;
}

function extent(groups: Group[], withZero: boolean): [number, number] {
  const all = groups.flatMap((g) => g.marks.flatMap((m) => [m.y, ...(m.interval ?? [])])).filter(Number.isFinite);
  if (withZero) all.push(0);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const pad = 0.06 * (high - low || Math.abs(high) || 1);
  return [withZero && low === 0 ? 0 : low - pad, withZero && high === 0 ? 0 : high + pad];
}

function tableOf({ groups, xLabel, yLabel, ticks, xOf }: Props): Table {
  const nameAt = (x: number) => (xOf ? xOf(x) : ticks.find((t) => t.at === x)?.text ?? x);
  return {
    columns: ["series", xLabel || "place", "n", yLabel, "low", "high", "valid"],
    rows: groups.flatMap((g) => g.marks.map((m) => [g.label, nameAt(m.x) || g.label, m.n, m.y, m.interval?.[0] ?? null, m.interval?.[1] ?? null, g.valid ? "yes" : "INVALID"])),
  };
}

const words = (m: Mark) => `${figure(m.y)}${m.interval ? ` [${figure(m.interval[0])}, ${figure(m.interval[1])}]` : ""}, n = ${m.n}`;

export function IntervalPlot(props: Props) {
  const { name, title, xLabel, yLabel, ticks, kind = "lines" } = props;
  const groups = props.groups.map((g) => ({ ...g, marks: g.marks.filter((m) => Number.isFinite(m.y)) })).filter((g) => g.marks.length > 0);
  if (groups.length === 0) return null;
  const invalid = groups.some((g) => !g.valid);
  const [low, high] = extent(groups, kind === "bars");
  const places = [...ticks.map((t) => t.at), ...groups.flatMap((g) => g.marks.map((m) => m.x))];
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const margin = kind === "bars" ? 0.5 : 0.08 * (last - first || 1);
  const x = (v: number) => LEFT + ((v - first + margin) / (last - first + 2 * margin)) * (WIDTH - LEFT - RIGHT);
  const y = (v: number) => TOP + ((high - v) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const slot = Math.min(6, 24 / groups.length); // intervals of one place stand side by side
  const shift = (i: number) => (kind === "lines" ? (i - (groups.length - 1) / 2) * slot : 0);
  const bar = Math.min(36, (0.7 * (WIDTH - LEFT - RIGHT)) / ticks.length);
  return (
    <figure class={`chart ${invalid ? "watermarked" : ""}`} data-mark={invalid ? "INVALID" : undefined}>
      <h3>{title}</h3>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} class="intervals" role="img" aria-label={`${title}${invalid ? ", INVALID" : ""}: ${plural(groups.length, "series")} over ${xLabel}; the table below holds the values`}>
        {niceTicks(low, high).map((v) => (
          <g key={v}>
            <line class={v === 0 ? "axis" : "grid"} x1={LEFT} x2={WIDTH - RIGHT} y1={y(v)} y2={y(v)} />
            <text x={LEFT - 6} y={y(v) + 4} text-anchor="end">{figure(v, 3)}</text>
          </g>
        ))}
        {ticks.map((t) => <text key={t.at} x={x(t.at)} y={HEIGHT - 22} text-anchor="middle">{t.text}</text>)}
        <text x={(LEFT + WIDTH) / 2} y={HEIGHT - 5} text-anchor="middle">{xLabel}</text>
        <text transform={`translate(12 ${(HEIGHT - BOTTOM) / 2}) rotate(-90)`} text-anchor="middle">{yLabel}</text>
        {groups.map((g, i) => {
          const color = lineColor(g.color);
          return (
            <g key={g.label} stroke={color} fill={color} stroke-width="1.75">
              {kind === "lines" && <polyline fill="none" stroke-dasharray={lineDash(g.dash).join(" ")} points={g.marks.map((m) => `${x(m.x) + shift(i)},${y(m.y)}`).join(" ")} />}
              {g.marks.map((m) => {
                const at = x(m.x) + shift(i);
                const base = y(Math.min(high, Math.max(low, 0)));
                return (
                  <g key={m.x}>
                    {kind === "bars" && <rect x={at - bar / 2} width={bar} y={Math.min(base, y(m.y))} height={Math.abs(base - y(m.y))} stroke="none" fill-opacity="0.75" />}
                    {m.interval && <path class={kind === "bars" ? "ink" : ""} fill="none" d={`M${at - 3} ${y(m.interval[0])}h6M${at} ${y(m.interval[0])}V${y(m.interval[1])}M${at - 3} ${y(m.interval[1])}h6`} />}
                    {kind !== "bars" && <circle cx={at} cy={y(m.y)} r="3.2" stroke="none" />}
                    <title>{g.label}: {words(m)}</title>
                  </g>
                );
              })}
            </g>
          );
        })}
      </svg>
      <TableTwin name={name} table={() => tableOf(props)} />
    </figure>
  );
}

// Which colour is which, once for several plots.
export function Swatches({ groups }: { groups: Pick<Group, "label" | "color" | "dash">[] }) {
  return (
    <p class="legend">
      {groups.map((g) => (
        <span key={g.label}>
          <svg width="22" height="8" aria-hidden="true"><line x1="1" x2="21" y1="4" y2="4" stroke={lineColor(g.color)} stroke-width="2.5" stroke-dasharray={lineDash(g.dash).join(" ")} /></svg>
          {g.label}
        </span>
      ))}
    </p>
  );
}
