// The attempts of a trial on a time line and as a table.
import type { Attempt, Certificate } from "../api";
import { duration, now } from "../format";
import { Scroll, Section, When } from "./Parts";
import { StateTag } from "./StateTag";

const endOf = (attempt: Attempt) => attempt.ended ?? now.value;

function TimeLine({ attempts }: { attempts: Attempt[] }) {
  const start = Math.min(...attempts.map((a) => a.created));
  const span = Math.max(1, Math.max(...attempts.map(endOf)) - start);
  return (
    <div class="timeline" aria-hidden="true">
      {attempts.map((a) => (
        <span key={a.number} class={`fill tone-${a.state === "lost" ? "failed" : a.state}`} title={`attempt ${a.number}: ${a.state}`}
          style={{ left: `${(100 * (a.created - start)) / span}%`, width: `${Math.max(0.6, (100 * (endOf(a) - a.created)) / span)}%` }} />
      ))}
    </div>
  );
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

export function Attempts({ attempts }: { attempts: Attempt[] }) {
  return (
    <Section title={`Attempts · ${attempts.length}`}>
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
