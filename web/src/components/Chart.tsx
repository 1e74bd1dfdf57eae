// A line chart (uPlot) with bands, zoom by dragging, a legend of its own that shows the values under the pointer, and a
// twin as a table. Every text goes to the page as text.
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Span } from "../api";
import type { Table } from "../csv";
import { figure } from "../format";
import { dark, lineColor, lineDash } from "../palette";
import { TableTwin } from "./TableTwin";

export interface Line {
  label: string;
  color: number; // index into the palette
  dash: number; // index into the dashes
  x: number[];
  y: number[];
  low?: number[]; // with `high`: a band around y
  high?: number[];
}

// `onZoom`: a reader drew a range, or asked for all (null). The caller loads it and passes its points.
interface Props { name: string; lines: Line[]; yLabel: string; height?: number; invalid?: boolean; onZoom: (span: Span | null) => void }

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);
const hasBand = (line: Line) => line.low !== undefined && line.high !== undefined;

// All lines over one x axis: x, then y (and high, low) of each line; null where a line has no point.
function aligned(lines: Line[]): (number | null)[][] {
  const x = [...new Set(lines.flatMap((line) => line.x))].sort((a, b) => a - b);
  const at = new Map(x.map((value, index) => [value, index]));
  const spread = (line: Line, values: number[]) => {
    const out: (number | null)[] = new Array(x.length).fill(null);
    line.x.forEach((value, i) => (out[at.get(value) as number] = finite(values[i])));
    return out;
  };
  return [x, ...lines.flatMap((line) => [line.y, ...(hasBand(line) ? [line.high as number[], line.low as number[]] : [])].map((v) => spread(line, v)))];
}

function seriesOf(lines: Line[]): { series: uPlot.Series[]; bands: uPlot.Band[] } {
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const line of lines) {
    const stroke = lineColor(line.color);
    const single = line.x.length < 2;
    series.push({ stroke, width: 1.75, dash: lineDash(line.dash), spanGaps: true, points: { show: single, size: 6 } });
    if (!hasBand(line)) continue;
    bands.push({ series: [series.length, series.length + 1], fill: `${stroke}22` });
    for (let i = 0; i < 2; ++i) series.push({ stroke: "transparent", width: 0, spanGaps: true, points: { show: false } });
  }
  return { series, bands };
}

function axes(host: HTMLElement, yLabel: string): uPlot.Axis[] {
  const css = getComputedStyle(host);
  const color = (name: string) => css.getPropertyValue(name).trim();
  const common: uPlot.Axis = {
    stroke: color("--muted"),
    font: "12px system-ui, sans-serif",
    labelFont: "12px system-ui, sans-serif",
    grid: { stroke: color("--line"), width: 1 },
    ticks: { stroke: color("--line"), width: 1, size: 4 },
  };
  return [
    { ...common, label: "step", labelSize: 18, size: 34 },
    { ...common, label: yLabel, labelSize: 18, size: 52, values: (_, ticks) => ticks.map((t) => figure(t, 3)) },
  ];
}

// The index of each line's y in the aligned data.
function columns(lines: Line[]): number[] {
  let next = 1;
  return lines.map((line) => {
    const mine = next;
    next += hasBand(line) ? 3 : 1;
    return mine;
  });
}

function tableOf(lines: Line[], invalid: boolean): Table {
  const data = aligned(lines);
  const picked = columns(lines);
  const of = (c: number, i: number) => (data[c] as (number | null)[])[i] ?? null;
  return {
    columns: ["step", ...lines.flatMap((line) => (hasBand(line) ? [line.label, `${line.label} lowest`, `${line.label} highest`] : [line.label])), ...(invalid ? ["valid"] : [])],
    rows: (data[0] as number[]).map((step, i) => [step, ...picked.flatMap((c, l) => (hasBand(lines[l] as Line) ? [of(c, i), of(c + 2, i), of(c + 1, i)] : [of(c, i)])), ...(invalid ? ["INVALID"] : [])]),
  };
}

// The steps under what was drawn over with the pointer.
function drawnSpan(chart: uPlot): Span | null {
  const { left, width } = chart.select;
  if (width < 4) return null;
  return { from: Math.max(0, Math.floor(chart.posToVal(left, "x"))), to: Math.ceil(chart.posToVal(left + width, "x")) };
}

export function Chart({ name, lines, yLabel, height = 280, invalid = false, onZoom }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const cursor = useSignal<number | null>(null);
  const isDark = useComputed(() => dark.value).value;
  const shape = lines.map((line) => `${line.label}|${line.color}|${line.dash}|${hasBand(line)}|${line.x.length < 2}`).join("\n");

  useEffect(() => {
    const node = host.current as HTMLDivElement;
    const { series, bands } = seriesOf(lines);
    const chart = new uPlot(
      {
        width: node.clientWidth,
        height,
        series,
        bands,
        axes: axes(node, yLabel),
        scales: { x: { time: false } },
        legend: { show: false },
        cursor: { points: { show: false }, drag: { x: true, y: false, setScale: false } },
        hooks: {
          setCursor: [(u) => (cursor.value = u.cursor.idx ?? null)],
          setSelect: [(u) => {
            const span = drawnSpan(u);
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            if (span) onZoom(span);
          }],
          ready: [(u) => u.over.addEventListener("dblclick", () => onZoom(null))],
        },
      },
      aligned(lines) as uPlot.AlignedData,
      node,
    );
    plot.current = chart;
    const resize = new ResizeObserver(() => chart.setSize({ width: node.clientWidth, height }));
    resize.observe(node);
    return () => {
      resize.disconnect();
      chart.destroy();
    };
  }, [shape, isDark, height, yLabel]);

  useEffect(() => {
    plot.current?.setData(aligned(lines) as uPlot.AlignedData);
  }, [lines]);

  return (
    <figure class={`chart ${invalid ? "watermarked" : ""}`} data-mark={invalid ? "INVALID" : undefined}>
      <div ref={host} class="plot" role="img" aria-label={`${name}${invalid ? ", INVALID" : ""}: ${lines.length} lines over steps; the table below holds the values`} />
      <Legend lines={lines} cursor={cursor.value} />
      <TableTwin name={name} table={() => tableOf(lines, invalid)} />
    </figure>
  );
}

function Legend({ lines, cursor }: { lines: Line[]; cursor: number | null }) {
  const data = cursor === null ? null : aligned(lines);
  const picked = columns(lines);
  const step = data?.[0]?.[cursor as number];
  return (
    <figcaption class="legend">
      {lines.map((line, i) => (
        <span key={line.label}>
          <svg width="22" height="8" aria-hidden="true">
            <line x1="1" x2="21" y1="4" y2="4" stroke={lineColor(line.color)} stroke-width="2.5" stroke-dasharray={lineDash(line.dash).join(" ")} />
          </svg>
          {line.label}
          {data && <b class="num">{figure(data[picked[i] as number]?.[cursor as number])}</b>}
        </span>
      ))}
      {typeof step === "number" ? <span class="muted num">step {step}</span> : <span class="muted hint">drag to zoom in, double click for all</span>}
    </figcaption>
  );
}
