// The steps that the curves of a page show. It stands in the address; the server is asked for these steps alone, so that
// what is drawn has the true extremes at any zoom.
import type { Span } from "../api";
import { query, setQuery } from "../router";

export function spanOf(): Span | null {
  const [from, to] = [query.value.get("from"), query.value.get("to")];
  if (from === null && to === null) return null;
  const span = { from: Number(from ?? 0), to: Number(to ?? Number.MAX_SAFE_INTEGER) };
  return Number.isSafeInteger(span.from) && Number.isSafeInteger(span.to) && span.from <= span.to ? span : null;
}

export const spanKey = (span: Span | null) => (span ? `${span.from}-${span.to}` : "all");

export function zoomTo(span: Span | null): void {
  setQuery({ from: span ? String(span.from) : null, to: span ? String(span.to) : null });
}

function Bound({ name, label }: { name: "from" | "to"; label: string }) {
  return <input type="number" min="0" aria-label={label} placeholder={name} value={query.value.get(name) ?? ""} onChange={(event) => setQuery({ [name]: event.currentTarget.value || null })} />;
}

export function Range() {
  return (
    <span class="range">
      steps <Bound name="from" label="From step" /> – <Bound name="to" label="To step" />
      {spanOf() && <button type="button" class="quiet" onClick={() => zoomTo(null)}>all steps</button>}
    </span>
  );
}
