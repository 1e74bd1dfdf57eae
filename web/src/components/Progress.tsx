// How far a sweep is: one bar of its trials by state, with the running ones as far as their steps are.
import { STATES, type Sweep } from "../api";
import { countOf, endedOf } from "../summary";
import { duration } from "../format";

export function ProgressBar({ sweep }: { sweep: Sweep }) {
  const percent = Math.round(100 * sweep.progress);
  return (
    <div class="bar" role="progressbar" aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} aria-label={`${percent} % of all steps`}>
      {STATES.filter((s) => s !== "queued" && countOf(sweep, s) > 0).map((s) => (
        <span key={s} class={`fill tone-${s}`} style={{ width: `${(100 * countOf(sweep, s)) / Math.max(1, sweep.trials)}%` }} title={`${countOf(sweep, s)} ${s}`} />
      ))}
    </div>
  );
}

export function ProgressText({ sweep }: { sweep: Sweep }) {
  const eta = sweep.eta_s !== null && endedOf(sweep) < sweep.trials ? ` · ${duration(sweep.eta_s)} left` : "";
  return (
    <span class="num">
      {endedOf(sweep)} of {sweep.trials}
      <span class="muted">{` · ${Math.floor(100 * sweep.progress)} %${eta}`}</span>
    </span>
  );
}
