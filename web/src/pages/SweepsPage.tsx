// All sweeps, newest first. Empty, it teaches the first command.
import { api, type Sweep } from "../api";
import { Command, Empty, Failure, Pending, Search, When } from "../components/Parts";
import { ProgressBar, ProgressText } from "../components/Progress";
import { StateTag } from "../components/StateTag";
import { figure } from "../format";
import { useResource } from "../resource";
import { endedOf } from "../summary";
import { query, setQuery, sweepPath, trialPath } from "../router";

function Row({ sweep }: { sweep: Sweep }) {
  return (
    <li class="sweep-row">
      <div class="sweep-name">
        <a data-row href={sweepPath(sweep.id)}>{sweep.name || sweep.id}</a>
        <span class="muted mono">{sweep.id}</span>
      </div>
      <StateTag state={sweep.state} />
      <div class="sweep-progress"><ProgressBar sweep={sweep} /><ProgressText sweep={sweep} /></div>
      <div class="sweep-best">
        {sweep.best
          ? <><span class="muted">best {sweep.metric.name}</span> <a class="num" href={trialPath(sweep.best.trial, sweep.id)}>{figure(sweep.best.value)}</a></>
          : <span class="muted">{endedOf(sweep) < sweep.trials ? "no result yet" : "no admitted result"}</span>}
      </div>
      <div class="sweep-when muted"><When at={sweep.created} /></div>
    </li>
  );
}

function FirstSteps() {
  return (
    <Empty title="No sweeps yet">
      <p>A sweep is a grid of trials. This one has six schedules at three lengths and ends within minutes:</p>
      <Command text="plasactl submit demo" />
      <p class="muted">It appears here as soon as it is accepted. <code>plasactl plan demo</code> shows its cells without submitting anything.</p>
    </Empty>
  );
}

export function SweepsPage() {
  const { data, error } = useResource("sweeps", api.sweeps, (c) => c.sweeps.length > 0, 1000);
  if (!data.value) return <Pending error={error.value} />;
  const filter = (query.value.get("filter") ?? "").toLowerCase();
  const { sweeps } = data.value;
  const found = sweeps.filter((s) => `${s.name} ${s.id} ${s.state}`.toLowerCase().includes(filter));
  return (
    <>
      <div class="page-head">
        <h1>Sweeps</h1>
        {sweeps.length > 0 && <Search label="Filter sweeps" value={query.value.get("filter") ?? ""} onInput={(text) => setQuery({ filter: text || null })} />}
      </div>
      {error.value && <Failure error={error.value} />}
      {sweeps.length === 0 ? <FirstSteps /> : <ul class="sweeps">{found.map((sweep) => <Row key={sweep.id} sweep={sweep} />)}</ul>}
      {sweeps.length > 0 && found.length === 0 && <p class="muted">No sweep matches “{filter}”.</p>}
    </>
  );
}
