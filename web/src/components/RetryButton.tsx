// Queues again what ended without a result: of a sweep, or one trial.
import { useSignal } from "@preact/signals";
import { api, type ApiError, type Requeued, type Sweep, type Trial } from "../api";
import { plural } from "../format";
import { countOf } from "../summary";

export const RetrySweepButton = ({ sweep }: { sweep: Sweep }) =>
  <RetryButton count={countOf(sweep, "failed") + countOf(sweep, "canceled") + countOf(sweep, "quarantined")} retry={() => api.retrySweep(sweep.id)} />;
export const RetryTrialButton = ({ trial }: { trial: Trial }) =>
  <RetryButton count={["failed", "canceled", "quarantined"].includes(trial.state) ? 1 : 0} retry={() => api.retryTrial(trial.id)} />;

function RetryButton({ count, retry: ask }: { count: number; retry: () => Promise<Requeued> }) {
  const outcome = useSignal("");
  const waiting = useSignal(false);
  const retry = async () => {
    waiting.value = true;
    try {
      outcome.value = `${plural((await ask()).requeued, "trial")} queued again`;
    } catch (error) {
      outcome.value = (error as ApiError).message;
    }
    waiting.value = false;
  };
  return (
    <>
      <span class="muted" role="status">{outcome.value}</span>
      {count > 0 && <button type="button" disabled={waiting.value} onClick={retry}>Retry {plural(count, "trial")}</button>}
    </>
  );
}
