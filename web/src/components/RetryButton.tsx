// Queues again what failed or was canceled in a sweep, as submitting its file again would.
import { useSignal } from "@preact/signals";
import { api, type ApiError, type Sweep } from "../api";
import { plural } from "../format";
import { countOf } from "../summary";

export function RetryButton({ sweep }: { sweep: Sweep }) {
  const outcome = useSignal("");
  const waiting = useSignal(false);
  const count = countOf(sweep, "failed") + countOf(sweep, "canceled") + countOf(sweep, "quarantined");
  const retry = async () => {
    waiting.value = true;
    try {
      outcome.value = `${plural((await api.retrySweep(sweep.id)).requeued, "trial")} queued again`;
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
