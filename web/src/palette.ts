// Colours for data. Lines: Okabe and Ito's set, told apart with every kind of colour vision; cells: viridis.
import { computed, signal } from "@preact/signals";

type Choice = "light" | "dark" | "system";
const KEY = "plasa-theme";
const media = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(media.matches);
media.addEventListener("change", (event) => (systemDark.value = event.matches));

function remembered(): Choice {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system"; // storage may be forbidden
  }
}

export const themeChoice = signal<Choice>(remembered());
export const dark = computed(() => (themeChoice.value === "system" ? systemDark.value : themeChoice.value === "dark"));

export function toggleTheme(): void {
  themeChoice.value = dark.value ? "light" : "dark";
  try {
    localStorage.setItem(KEY, themeChoice.value);
  } catch {
    // the choice lasts as long as the page
  }
}

const LINES_LIGHT = ["#0072b2", "#d55e00", "#009e73", "#b8589b", "#8a6d00", "#3b9fd6", "#4d4d4d", "#7a3e9d"];
const LINES_DARK = ["#5fb4e8", "#ff8a3d", "#2fc79c", "#e79ac9", "#f0d24a", "#9bd3f5", "#c9ced6", "#b794f0"];
const DASHES: number[][] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [14, 4], [4, 2]];

export const lineColor = (index: number) => {
  const colors = dark.value ? LINES_DARK : LINES_LIGHT;
  return colors[index % colors.length] as string;
};
export const lineDash = (index: number) => DASHES[index % DASHES.length] as number[];

type Rgb = [number, number, number];
const VIRIDIS: Rgb[] = [
  [68, 1, 84], [71, 45, 123], [59, 82, 139], [44, 114, 142], [33, 145, 140], [40, 174, 128], [94, 201, 98], [173, 220, 48], [253, 231, 37],
];
const DIVERGING: Rgb[] = [[179, 88, 6], [241, 163, 64], [247, 220, 180], [240, 240, 240], [190, 205, 235], [103, 139, 203], [33, 74, 158]];

function blend(ramp: Rgb[], t: number): Rgb {
  const x = Math.min(1, Math.max(0, t)) * (ramp.length - 1);
  const low = ramp[Math.floor(x)] as Rgb;
  const high = ramp[Math.ceil(x)] as Rgb;
  return low.map((value, i) => Math.round(value + (x % 1) * ((high[i] as number) - value))) as Rgb;
}

// Black or white, whichever stands out more: 4.58 : 1 at least.
function inkOn([r, g, b]: Rgb): string {
  const linear = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 ? "#000" : "#fff";
}

export type Shade = { background: string; color: string };
const shade = (rgb: Rgb): Shade => ({ background: `rgb(${rgb.join(" ")})`, color: inkOn(rgb) });

// t from 0 (worst) to 1 (best).
export const heat = (t: number) => shade(blend(VIRIDIS, t));
// t from -1 (worse) over 0 (equal) to 1 (better).
export const difference = (t: number) => shade(blend(DIVERGING, (t + 1) / 2));
