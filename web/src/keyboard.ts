// The keys of the dashboard. `j` and `k` move the focus over the links marked with data-row, so Enter opens one as any link.
import { signal } from "@preact/signals";
import { go } from "./router";

export const helpOpen = signal(false);

export const KEYS: [string, string][] = [
  ["/", "filter the table, search the log"],
  ["j  k", "next, previous row"],
  ["Enter", "open the row"],
  ["u", "up: trial to sweep to sweeps"],
  ["g s", "sweeps"],
  ["g w", "workers"],
  ["g e", "events"],
  ["t", "dark or light"],
  ["?", "this help"],
];

function moveRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

// To what the last crumb of the page names.
function up(): void {
  const crumbs = document.querySelectorAll<HTMLAnchorElement>(".crumbs a");
  go(crumbs[crumbs.length - 1]?.href ?? "/");
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

export function startKeyboard(toggleTheme: () => void): void {
  let afterG = false;
  const actions: Record<string, () => void> = {
    j: () => moveRow(1),
    k: () => moveRow(-1),
    u: up,
    t: toggleTheme,
    "/": () => document.querySelector<HTMLInputElement>("input[type=search]")?.focus(),
    "?": () => (helpOpen.value = !helpOpen.value),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isTyping(event.target)) (event.target as HTMLElement).blur();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const chord: Record<string, string> = { s: "/", w: "/workers", e: "/events" };
    const target = afterG ? chord[event.key] : undefined;
    afterG = event.key === "g";
    const act = target !== undefined ? () => go(target) : actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
