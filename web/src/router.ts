// The URL is the state: the path names the page, the query holds what a reader chose on it.
import { computed, signal } from "@preact/signals";

export const url = signal(new URL(window.location.href));
export const query = computed(() => url.value.searchParams);

export type Route =
  | { page: "sweeps" }
  | { page: "sweep"; id: string }
  | { page: "trial"; id: string }
  | { page: "workers" }
  | { page: "events" }
  | { page: "leaderboard" }
  | { page: "login" }
  | { page: "unknown" };

export const route = computed<Route>(() => {
  const [kind, id, ...rest] = url.value.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  if (rest.length > 0) return { page: "unknown" };
  if (kind === undefined || (kind === "sweeps" && id === undefined)) return { page: "sweeps" };
  if (kind === "sweeps" && id !== undefined) return { page: "sweep", id };
  if (kind === "trials" && id !== undefined) return { page: "trial", id };
  if (kind === "workers" && id === undefined) return { page: "workers" };
  if (kind === "events" && id === undefined) return { page: "events" };
  if (kind === "leaderboard" && id === undefined) return { page: "leaderboard" };
  if (kind === "login" && id === undefined) return { page: "login" };
  return { page: "unknown" };
});

export const sweepPath = (id: string) => `/sweeps/${encodeURIComponent(id)}`;
export const trialPath = (id: string, sweep?: string) =>
  `/trials/${encodeURIComponent(id)}${sweep ? `?sweep=${encodeURIComponent(sweep)}` : ""}`;

export function go(href: string): void {
  history.pushState(null, "", href);
  url.value = new URL(window.location.href);
  window.scrollTo(0, 0);
}

// Sets or removes (null) members of the query; no new entry in the history.
export function setQuery(changes: Record<string, string | null>): void {
  const next = new URL(url.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.searchParams.delete(name);
    else next.searchParams.set(name, value);
  }
  history.replaceState(null, "", next);
  url.value = next;
}

function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;
}

export function startRouter(): void {
  window.addEventListener("popstate", () => (url.value = new URL(window.location.href)));
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.("a");
    if (!link || !isPlainClick(event) || link.target || link.download || link.origin !== window.location.origin) return;
    event.preventDefault();
    if (link.href !== window.location.href) go(link.href);
  });
}
