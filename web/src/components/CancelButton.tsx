// Cancels a sweep or a trial after a question; says what came of it.
import { useSignal } from "@preact/signals";
import type { ApiError, Canceled } from "../api";
import { plural } from "../format";
import { Dialog } from "./Parts";

interface Props { what: string; consequence: string; cancel: () => Promise<Canceled> }

export function CancelButton({ what, consequence, cancel }: Props) {
  const asking = useSignal(false);
  const outcome = useSignal("");
  const confirm = async () => {
    asking.value = false;
    try {
      const { canceled, kept } = await cancel();
      outcome.value = `${plural(canceled, "trial")} canceled${kept > 0 ? `, ${kept} kept for another sweep` : ""}`;
    } catch (error) {
      outcome.value = (error as ApiError).message;
    }
  };
  return (
    <>
      <span class="muted" role="status">{outcome.value}</span>
      <button type="button" class="danger" onClick={() => (asking.value = true)}>Cancel {what}</button>
      <Dialog open={asking.value} title={`Cancel this ${what}?`} onClose={() => (asking.value = false)}>
        <p>{consequence}</p>
        <div class="dialog-buttons">
          <button type="button" onClick={() => (asking.value = false)}>Go on</button>
          <button type="button" class="danger" onClick={confirm}>Cancel {what}</button>
        </div>
      </Dialog>
    </>
  );
}
