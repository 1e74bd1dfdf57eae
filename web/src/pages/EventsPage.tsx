// What happened lately, newest first: sweeps submitted, attempts begun and ended.
import { api, type Happening } from "../api";
import { CsvButton, Empty, Failure, Pending, Scroll, Search, When } from "../components/Parts";
import { StateTag } from "../components/StateTag";
import { iso } from "../format";
import { useResource } from "../resource";
import { query, setQuery, sweepPath, trialPath } from "../router";

const textOf = (e: Happening) => [e.kind, e.sweep, e.trial, e.state, e.cause, e.worker, e.text].join(" ").toLowerCase();

function Row({ event: e }: { event: Happening }) {
  return (
    <tr>
      <th scope="row"><When at={e.time} /></th>
      <td>{e.state ? <StateTag state={e.state} /> : e.kind}{e.cause && <span class="muted"> {e.cause}</span>}</td>
      <td>{e.trial ? <><a data-row class="mono" href={trialPath(e.trial)}>{e.trial.slice(0, 8)}</a> <span class="muted">attempt {e.attempt}</span></> : e.sweep && <a data-row class="mono" href={sweepPath(e.sweep)}>{e.sweep}</a>}</td>
      <td class="mono muted">{e.worker?.slice(0, 8)}</td>
      <td class="wrap">{e.text}</td>
    </tr>
  );
}

export function EventsPage() {
  const { data, error } = useResource("events", api.events, () => true, 1000);
  if (!data.value) return <Pending error={error.value} />;
  const wanted = query.value.get("filter") ?? "";
  const { events } = data.value;
  const found = events.filter((e) => wanted.toLowerCase().split(/\s+/).every((word) => textOf(e).includes(word)));
  return (
    <>
      <div class="page-head">
        <h1>Events</h1>
        <Search label="Filter events" value={wanted} onInput={(text) => setQuery({ filter: text || null })} />
        <CsvButton name="events" table={() => ({ columns: ["time", "kind", "sweep", "trial", "attempt", "state", "cause", "worker", "text"], rows: found.map((e) => [iso(e.time), e.kind, e.sweep, e.trial, e.attempt, e.state, e.cause, e.worker, e.text]) })} />
      </div>
      {error.value && <Failure error={error.value} />}
      {events.length === 0 ? <Empty title="Nothing has happened yet"><p>Sweeps that are submitted and attempts that begin or end appear here.</p></Empty> : (
        <Scroll label="Events">
          <table class="rows">
            <thead><tr><th scope="col">when</th><th scope="col">what</th><th scope="col">of</th><th scope="col">worker</th><th scope="col">details</th></tr></thead>
            <tbody>{found.map((event, i) => <Row key={i} event={event} />)}</tbody>
          </table>
        </Scroll>
      )}
      {events.length > 0 && found.length === 0 && <p class="muted">No event matches “{wanted}”.</p>}
    </>
  );
}
