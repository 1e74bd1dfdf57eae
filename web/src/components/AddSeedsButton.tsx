// Gives every cell of a sweep more seeds, after a question that says what that does to its verdicts.
import { useSignal } from "@preact/signals";
import { api, type ApiError, type Sweep } from "../api";
import { plural } from "../format";
import { Dialog } from "./Parts";

const MOST = 1000;

export function AddSeedsButton({ sweep }: { sweep: Sweep }) {
  const asking = useSignal(false);
  const seeds = useSignal("4");
  const outcome = useSignal("");
  // A sweep that adds its own takes none.
  if (sweep.state === "canceled" || sweep.replication.open || sweep.replication.stopped) return null;
  const confirm = async (event: Event) => {
    event.preventDefault();
    asking.value = false;
    try {
      outcome.value = `${plural((await api.addSeeds(sweep.id, Number(seeds.value))).trials, "trial")} added`;
    } catch (error) {
      outcome.value = (error as ApiError).message;
    }
  };
  return (
    <>
      <span class="muted" role="status">{outcome.value}</span>
      <button type="button" onClick={() => (asking.value = true)}>Add seeds</button>
      <Dialog open={asking.value} title="More seeds for every cell?" onClose={() => (asking.value = false)}>
        <form onSubmit={confirm}>
          <p><label>How many more <input type="number" min="1" max={MOST} required value={seeds.value} onInput={(e) => (seeds.value = e.currentTarget.value)} /></label></p>
          <p>Seeds that are added because of what the verdicts say make false claims likelier than their p-values tell. The report says that they were added.</p>
          <div class="dialog-buttons">
            <button type="button" onClick={() => (asking.value = false)}>Leave it</button>
            <button type="submit">Add</button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
