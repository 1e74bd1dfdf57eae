// Data of the coordinator that a component shows: loaded when it appears, loaded again when the stream says it changed.
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError } from "./api";
import { type Change, type Gap, onChange } from "./live";

const KEPT = 24; // answers kept, so that going back shows the page at once

const kept = new Map<string, unknown>();

function keep(key: string, value: unknown): void {
  kept.delete(key);
  kept.set(key, value);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
}

export interface Resource<T> {
  data: Signal<T | null>;
  error: Signal<ApiError | null>;
}

// The latest cursor of any answer. One that was asked for later lacks no change up to it, whether it has a cursor or not.
let seen = -1;

const SHARE = 4; // a load of a second is not repeated within the four that follow

// `touches` says whether a change concerns this resource; two loads lie at least `gapMs` apart, and further where loading
// takes long. A key of null loads nothing.
export function useResource<T>(
  key: string | null,
  load: () => Promise<T>,
  touches: (change: Change) => boolean,
  gapMs = 500,
): Resource<T> {
  const data = useSignal<T | null>((key && (kept.get(key) as T)) || null);
  const error = useSignal<ApiError | null>(null);
  useEffect(() => {
    if (key === null) return;
    let ended = false;
    let timer = 0;
    let loading = false;
    let again = false;
    let have = -1; // cursor of what is shown: what it may lack are later changes
    let wanted = -1; // cursor that the answer on its way must have
    let next = 0;
    data.value = (kept.get(key) as T) ?? null;
    error.value = null;

    const fetchNow = async () => {
      timer = 0;
      loading = true;
      again = false;
      wanted = -1;
      let got = -1;
      const least = seen;
      const start = performance.now();
      try {
        const value = await load();
        keep(key, value);
        if (!ended) [data.value, error.value] = [value, null];
        got = (value as { cursor?: number }).cursor ?? least;
        have = got;
        seen = Math.max(seen, got);
      } catch (failure) {
        if (!ended) error.value = failure instanceof ApiError ? failure : new ApiError(0, "BROKEN", String(failure), "");
      }
      loading = false;
      next = start + Math.max(gapMs, SHARE * (performance.now() - start));
      if (again || got < wanted) schedule();
    };
    const schedule = () => {
      if (ended || timer) return;
      if (loading || document.hidden) {
        again = true;
        return;
      }
      timer = window.setTimeout(fetchNow, Math.max(0, next - performance.now()));
    };
    const shown = () => void (again && !document.hidden && !loading && schedule());

    void fetchNow();
    const fill = ({ upto }: Gap) => {
      if (loading && upto !== null) wanted = Math.max(wanted, upto);
      else if (upto === null || error.value || have < upto) schedule();
    };
    const stop = onChange((news) => ("upto" in news ? fill(news) : touches(news) && schedule()));
    document.addEventListener("visibilitychange", shown);
    return () => {
      ended = true;
      clearTimeout(timer);
      stop();
      document.removeEventListener("visibilitychange", shown);
    };
  }, [key]);
  return { data, error };
}
