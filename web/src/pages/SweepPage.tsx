// One sweep: how far it is, its cells, its curves, its trials.
import { api, STATES, type Sweep } from "../api";
import { AddSeedsButton } from "../components/AddSeedsButton";
import { CancelButton } from "../components/CancelButton";
import { Comparison } from "../components/Comparison";
import { ConfigDiff } from "../components/ConfigDiff";
import { Curves } from "../components/Curves";
import { HeatMap } from "../components/HeatMap";
import { Failure, Pending, When } from "../components/Parts";
import { ProgressBar, ProgressText } from "../components/Progress";
import { RetrySweepButton } from "../components/RetryButton";
import { SeedsNote } from "../components/SeedsNote";
import { StateTag } from "../components/StateTag";
import { TrialTable } from "../components/TrialTable";
import { Verdicts } from "../components/Verdicts";
import { figure } from "../format";
import { useResource } from "../resource";
import { trialPath } from "../router";
import { countOf, endedOf, isInvalid } from "../summary";

function Head({ sweep }: { sweep: Sweep }) {
  return (
    <div class="page-head">
      <p class="crumbs"><a href="/">Sweeps</a> <span aria-hidden="true">/</span></p>
      <h1>{sweep.name || sweep.id}</h1>
      <StateTag state={sweep.state} />
      <span class="space" />
      <RetrySweepButton sweep={sweep} />
      <AddSeedsButton sweep={sweep} />
      {endedOf(sweep) < sweep.trials && (
        <CancelButton what="sweep" cancel={() => api.cancelSweep(sweep.id)} consequence="Trials in the queue are taken out, running ones are stopped. Results that are there stay. Submitting the same sweep again goes on with what is missing." />
      )}
    </div>
  );
}

function Summary({ sweep }: { sweep: Sweep }) {
  return (
    <div class="summary">
      <div class="wide">
        <ProgressBar sweep={sweep} />
        <p><ProgressText sweep={sweep} /></p>
        <p class="counts">
          {STATES.filter((s) => countOf(sweep, s) > 0).map((s) => <span key={s}><StateTag state={s} /> <b class="num">{countOf(sweep, s)}</b></span>)}
        </p>
      </div>
      <dl>
        <div><dt>best {sweep.metric.name}</dt><dd class="num">{sweep.best ? <a href={trialPath(sweep.best.trial, sweep.id)}>{figure(sweep.best.value)}</a> : "–"}</dd></div>
        <div><dt>goal</dt><dd>{sweep.metric.goal}</dd></div>
        <div><dt>submitted</dt><dd><When at={sweep.created} /></dd></div>
        <div><dt>id</dt><dd class="mono">{sweep.id}</dd></div>
      </dl>
    </div>
  );
}

export function SweepPage({ id }: { id: string }) {
  const { data, error } = useResource(`sweep/${id}`, () => api.sweep(id), (c) => c.sweeps.includes(id));
  if (!data.value) return <Pending error={error.value} />;
  const { sweep, trials } = data.value;
  const invalid = trials.filter(isInvalid).length;
  return (
    <>
      <Head sweep={sweep} />
      {error.value && <Failure error={error.value} />}
      {invalid > 0 && <p class="invalid-note"><b>INVALID</b> {invalid} of {trials.length} trials ran in a reference mode: their figures are shown for comparison and never count.</p>}
      <Summary sweep={sweep} />
      <SeedsNote replication={sweep.replication} />
      <Verdicts sweep={sweep} trials={trials} />
      <HeatMap sweep={sweep} trials={trials} />
      <Comparison sweep={sweep} trials={trials} />
      <Curves sweep={sweep} trials={trials} />
      <TrialTable sweep={sweep} trials={trials} />
      <ConfigDiff sweep={sweep} trials={trials} />
    </>
  );
}
