// The attempts of a trial on a time line and as a table.
import type { Attempt, Certificate } from "../api";
import type { Table } from "../csv";
import { duration, iso, now } from "../format";
import { CsvButton, Scroll, Section, When } from "./Parts";
import { StateTag } from "./StateTag";

const endOf = (attempt: Attempt) => attempt.ended ?? now.value;

const shareOf = (part: number, span: number) => `${(100 * part) / span}%`;

// A lane an attempt: when its lease began and ended, beside the gaps in which the trial waited.
function TimeLine({ attempts }: { attempts: Attempt[] }) {
  const start = Math.min(...attempts.map((a) => a.created));
  const span = Math.max(1, Math.max(...attempts.map(endOf)) - start);
  return (
    <figure class="timeline">
      <ol>
        {attempts.map((a) => (
          <li key={a.number}>
            <span class="small">{a.number}. {a.worker.slice(0, 8)} slot {a.slot}</span>
            <span class="lane">
              <span class={`fill tone-${a.state === "lost" ? "failed" : a.state}`} title={`steps ${a.start_step} to ${a.last_step}`}
                style={{ left: shareOf(a.created - start, span), width: `max(3px, ${shareOf(endOf(a) - a.created, span)})` }} />
            </span>
            <span class="small num">{a.ended ? a.state : "lease held"}, {duration(endOf(a) - a.created)}, step {a.last_step}</span>
          </li>
        ))}
      </ol>
      <figcaption class="muted small"><When at={start} /><span>+ {duration(span)}</span></figcaption>
    </figure>
  );
}

function tableOf(attempts: Attempt[]): Table {
  return {
    columns: ["attempt", "token", "state", "cause", "worker", "slot", "start_step", "last_step", "created", "ended", "certificate", "message"],
    rows: attempts.map((a) => [a.number, a.token, a.state, a.cause, a.worker, a.slot, a.start_step, a.last_step, iso(a.created), a.ended && iso(a.ended), a.certificate.state, a.message]),
  };
}

// What it loaded, and whether that hangs together with step 0.
function Resumed({ certificate: c }: { certificate: Certificate }) {
  if (!c.state) return <span class="muted">–</span>;
  const from = c.from ? `from attempt ${c.from}` : c.loaded ? "" : "step 0";
  const details = [c.loaded && `loaded ${c.loaded}`, c.chain && `chain ${c.chain}`, c.objection].filter(Boolean).join("\n");
  return <span title={details}>{from} <span class={c.state === "broken" ? "state tone-failed" : "muted"}>{c.state}</span></span>;
}

function Row({ attempt }: { attempt: Attempt }) {
  return (
    <tr>
      <th scope="row" class="num">{attempt.number}</th>
      <td><StateTag state={attempt.state} /></td>
      <td>{attempt.cause ?? <span class="muted">–</span>}</td>
      <td class="num">{attempt.start_step} → {attempt.last_step}</td>
      <td><Resumed certificate={attempt.certificate} /></td>
      <td><When at={attempt.created} /></td>
      <td class="num">{duration(endOf(attempt) - attempt.created)}</td>
      <td><span class="mono">{attempt.worker.slice(0, 8)}</span> <span class="muted">slot {attempt.slot}</span></td>
      <td class="num muted">{attempt.token}</td>
      <td class="wrap">{attempt.message}</td>
    </tr>
  );
}

export function Attempts({ name, attempts }: { name: string; attempts: Attempt[] }) {
  const tools = attempts.length > 0 && <CsvButton name={`${name} attempts`} table={() => tableOf(attempts)} />;
  return (
    <Section title={`Attempts · ${attempts.length}`} tools={tools}>
      {attempts.length === 0 ? <p class="muted">No worker has taken this trial yet.</p> : (
        <>
          <TimeLine attempts={attempts} />
          <Scroll label="Attempts">
            <table>
              <thead>
                <tr>
                  <th scope="col" class="num">no.</th><th scope="col">state</th><th scope="col">cause</th><th scope="col" class="num">steps</th>
                  <th scope="col">resume certificate</th>
                  <th scope="col">started</th><th scope="col" class="num">lasted</th><th scope="col">worker</th><th scope="col" class="num">token</th>
                  <th scope="col">message</th>
                </tr>
              </thead>
              <tbody>{attempts.map((a) => <Row key={a.number} attempt={a} />)}</tbody>
            </table>
          </Scroll>
        </>
      )}
    </Section>
  );
}
