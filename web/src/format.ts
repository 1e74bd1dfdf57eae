// Figures, times and names as a person reads them.
import { signal } from "@preact/signals";
import type { Figure, Scalar } from "./api";

export function toNumber(value: Figure | null | undefined): number {
  if (value === null || value === undefined) return Number.NaN;
  return typeof value === "number" ? value : Number(value); // Number("NaN"), Number("-Infinity") are what they say
}

// `digits` significant digits without a needless exponent.
export function figure(value: Figure | null | undefined, digits = 4): string {
  const number = toNumber(value);
  if (!Number.isFinite(number)) return value === null || value === undefined ? "–" : String(number).replace("Infinity", "∞");
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size >= 1e6 || size < 1e-4) return number.toExponential(digits - 2).replace("e+", "e");
  return Number.isInteger(number) ? String(number) : number.toFixed(Math.min(6, Math.max(0, digits - 1 - Math.floor(Math.log10(size)))));
}

export function signed(value: number, digits = 3): string {
  return (value > 0 ? "+" : "") + figure(value, digits).replace("-", "−");
}

export const percent = (value: Figure | undefined) => (value === undefined ? "–" : `${(100 * toNumber(value)).toFixed(1)} %`);

export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60 ? `${s % 60} s` : ""}`.trim();
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

export const iso = (unix: number) => new Date(1000 * unix).toISOString().replace(/\.\d+/, "");

// Seconds since 1970, renewed often enough for "5 s ago".
export const now = signal(Date.now() / 1000);
setInterval(() => void (document.hidden || (now.value = Date.now() / 1000)), 5000);

export function ago(unix: number): string {
  const s = Math.max(0, now.value - unix);
  if (s < 10) return "just now";
  if (s < 60) return `${Math.round(s)} s ago`;
  if (s < 3600) return `${Math.round(s / 60)} min ago`;
  if (s < 86400) return `${Math.round(s / 3600)} h ago`;
  return `${Math.round(s / 86400)} d ago`;
}

export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export const scalar = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

export function cellName(cell: Record<string, Scalar>): string {
  const parts = Object.entries(cell).map(([name, value]) => `${name} ${scalar(value)}`);
  return parts.length > 0 ? parts.join(" · ") : "the only cell";
}

export const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
