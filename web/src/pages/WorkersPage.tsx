// The machines: their slots, devices, and what runs on them.
import { api, type Slot, type Worker } from "../api";
import { Command, Empty, Failure, Pending, Scroll } from "../components/Parts";
import { StateTag } from "../components/StateTag";
import { bytes, duration, plural } from "../format";
import { useResource } from "../resource";
import { trialPath } from "../router";

function SlotRow({ slot }: { slot: Slot }) {
  return (
    <tr>
      <th scope="row" class="num">{slot.index}</th>
      <td>{slot.trial ? <a data-row href={trialPath(slot.trial)} class="mono">{slot.trial.slice(0, 8)}</a> : <span class="muted">idle</span>}</td>
      <td>{slot.device.kind}</td>
      <td>{slot.device.model}</td>
      <td class="num">{slot.device.memory_bytes > 0 ? bytes(slot.device.memory_bytes) : "–"}</td>
      <td class="muted small">{slot.device.hardware_class}</td>
    </tr>
  );
}

function Card({ worker }: { worker: Worker }) {
  const busy = worker.slots.filter((slot) => slot.trial).length;
  return (
    <section class="card" aria-label={worker.name || worker.id}>
      <header class="section-head">
        <h2>{worker.name || worker.id}</h2>
        <StateTag state={worker.state} />
        <span class="muted">{busy} of {plural(worker.slots.length, "slot")} busy</span>
        <span class="space" />
        {worker.silent_s >= 5 && <span class="muted">silent for {duration(worker.silent_s)}</span>}
      </header>
      <Scroll label={`Slots of ${worker.name || worker.id}`}>
        <table>
          <thead>
            <tr><th scope="col" class="num">slot</th><th scope="col">runs</th><th scope="col">kind</th><th scope="col">device</th><th scope="col" class="num">memory</th><th scope="col">hardware class</th></tr>
          </thead>
          <tbody>{worker.slots.map((slot) => <SlotRow key={slot.index} slot={slot} />)}</tbody>
        </table>
      </Scroll>
      <p class="muted small"><span class="mono">{worker.id}</span> · version {worker.version} · trainers: {worker.trainers.join(", ") || "none"}</p>
    </section>
  );
}

export function WorkersPage() {
  const { data, error } = useResource("workers", api.workers, (c) => c.workers || c.trials.length > 0, 1000);
  if (!data.value) return <Pending error={error.value} />;
  const { workers } = data.value;
  return (
    <>
      <div class="page-head"><h1>Workers</h1></div>
      {error.value && <Failure error={error.value} />}
      {workers.map((worker) => <Card key={worker.id} worker={worker} />)}
      {workers.length === 0 && (
        <Empty title="No worker is connected">
          <p>Trials wait in the queue until one is. On this machine, both daemons in one command:</p>
          <Command text="plasactl up" />
          <p>On another machine, with a token for it:</p>
          <Command text="plasactl worker token" />
        </Empty>
      )}
    </>
  );
}
