// One trial: what it is, why it stands where it stands, its curves, layers, attempts, audits and log.
import { useMemo, useRef } from "preact/hooks";
import { api, type Metrics, type Point, type Trial, type WholeTrial } from "../api";
import { Attempts } from "../components/Attempts";
import { CancelButton } from "../components/CancelButton";
import { RetryTrialButton } from "../components/RetryButton";
import { Chart, type Line } from "../components/Chart";
import { Layers } from "../components/Layers";
import { LogTail } from "../components/LogTail";
import { CsvButton, Failure, Pending, Scroll, Section } from "../components/Parts";
import { Range, spanKey, spanOf, zoomTo } from "../components/Range";
import { StateTag } from "../components/StateTag";
import { cellName, figure, scalar, toNumber } from "../format";
import { useResource } from "../resource";
import { query, sweepPath } from "../router";
import { isInvalid } from "../summary";

const isLive = (trial: Trial) => ["queued", "running", "suspect"].includes(trial.state);

// The sweep a reader came from, or else the newest that holds the trial.
function Head({ trial, sweeps }: { trial: Trial; sweeps: string[] }) {
  const sweep = query.value.get("sweep") ?? sweeps[sweeps.length - 1];
  return (
    <div class="page-head">
      <p class="crumbs">
        <a href="/">Sweeps</a> <span aria-hidden="true">/</span> {sweep && <><a href={sweepPath(sweep)} class="mono">{sweep}</a> <span aria-hidden="true">/</span></>}
      </p>
      <h1>{cellName(trial.cell)} <span class="muted">seed {trial.seed}</span></h1>
      <StateTag state={trial.state} />
      <span class="space" />
      <RetryTrialButton trial={trial} />
      {isLive(trial) && <CancelButton what="trial" cancel={() => api.cancelTrial(trial.id)} consequence="It stops where it is. A trial that another live sweep wants is kept." />}
    </div>
  );
}

function Invalid({ trial }: { trial: Trial }) {
  if (!isInvalid(trial)) return null;
  return (
    <div class="invalid-note" role="note">
      <b>INVALID</b> This result never counts{trial.invalid_reasons.length > 0 ? ":" : "."}
      {trial.invalid_reasons.length > 0 && <ul>{trial.invalid_reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>}
    </div>
  );
}

function Facts({ trial }: { trial: Trial }) {
  const share = trial.steps_total > 0 ? (100 * trial.step) / trial.steps_total : 0;
  return (
    <div class="summary">
      <div class="wide">
        <div class="bar" role="progressbar" aria-valuenow={Math.round(share)} aria-valuemin={0} aria-valuemax={100} aria-label="Steps">
          <span class={`fill tone-${trial.state}`} style={{ width: `${Math.min(100, share)}%` }} />
        </div>
        <p class="num">step {trial.step}{trial.steps_total > 0 && ` of ${trial.steps_total}`}</p>
        <p class="explain">{trial.explain}</p>
      </div>
      <dl>
        <div><dt>admitted</dt><dd>{trial.admitted ? "yes" : isLive(trial) ? "not yet" : "no"}</dd></div>
        {trial.cause && <div><dt>cause</dt><dd>{trial.cause}</dd></div>}
        <div><dt>trainer</dt><dd>{trial.trainer}</dd></div>
        <div><dt>id</dt><dd class="mono">{trial.id}</dd></div>
      </dl>
    </div>
  );
}

// Charts by what is measured: train/loss and val/loss share one.
function chartsOf(series: Record<string, Point[]>): { title: string; lines: Line[] }[] {
  const groups = new Map<string, string[]>();
  for (const name of Object.keys(series)) {
    const title = name.slice(name.lastIndexOf("/") + 1);
    groups.set(title, [...(groups.get(title) ?? []), name]);
  }
  return [...groups].map(([title, names]) => ({
    title,
    lines: names.map((name, i): Line => {
      const points = series[name] as Point[];
      return { label: name, color: i, dash: 0, x: points.map((p) => p[0]), y: points.map((p) => toNumber(p[1])) };
    }),
  }));
}

function TrialCurves({ trial, metrics }: { trial: Trial; metrics: Metrics | null }) {
  const charts = useMemo(() => chartsOf(metrics?.series ?? {}), [metrics]);
  const loss = charts.find((chart) => chart.title === "loss");
  const invalid = isInvalid(trial);
  return (
    <Section title="Curves" tools={<Range />}>
      {charts.length === 0 && <p class="muted">{spanOf() ? "No points in this range." : "No points yet."}</p>}
      {loss && <Chart name={`${trial.id} loss`} lines={loss.lines} yLabel="loss" height={300} invalid={invalid} onZoom={zoomTo} />}
      <div class="charts">
        {charts.filter((chart) => chart !== loss).map((chart) => (
          <Chart key={chart.title} name={`${trial.id} ${chart.title}`} lines={chart.lines} yLabel={chart.title} height={200} invalid={invalid} onZoom={zoomTo} />
        ))}
      </div>
    </Section>
  );
}

function Figures({ trial }: { trial: WholeTrial }) {
  const names = Object.keys(trial.metrics);
  if (names.length === 0) return null;
  return (
    <Section title="Metrics" tools={<CsvButton name={`${trial.id} metrics`} table={() => ({ columns: ["name", "first", "last", "valid"], rows: names.map((n) => [n, trial.first_metrics[n], trial.metrics[n], isInvalid(trial) ? "INVALID" : "yes"]) })} />}>
      <Scroll label="Final metrics">
        <table>
          <thead><tr><th scope="col">name</th><th scope="col" class="num">first</th><th scope="col" class="num">last</th></tr></thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}><th scope="row">{name}</th><td class="num">{figure(trial.first_metrics[name], 5)}</td><td class="num">{figure(trial.metrics[name], 5)}</td></tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Section>
  );
}

function Audits({ trial }: { trial: WholeTrial }) {
  if (trial.audits.length === 0) return null;
  return (
    <Section title="Audits">
      <Scroll label="Audits">
        <table>
          <thead><tr><th scope="col" class="num">no.</th><th scope="col">audit</th><th scope="col">outcome</th><th scope="col">measured</th><th scope="col">message</th></tr></thead>
          <tbody>
            {trial.audits.map((audit, i) => (
              <tr key={i}>
                <th scope="row" class="num">{audit.number}</th><td>{audit.name}</td>
                <td><StateTag state={audit.passed ? "passed" : "failed"} /></td><td>{audit.figure}</td><td class="wrap">{audit.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Section>
  );
}

function Parameters({ trial }: { trial: Trial }) {
  const entries = [...Object.entries(trial.params), ["data", trial.data] as [string, unknown]];
  return (
    <Section title="Parameters">
      <dl class="parameters">{entries.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{scalar(value)}</dd></div>)}</dl>
    </Section>
  );
}

export function TrialPage({ id }: { id: string }) {
  const { data, error } = useResource(`trial/${id}`, () => api.trial(id), (c) => c.trials.includes(id));
  const span = spanOf();
  const loaded = useResource(`metrics/${id}/${spanKey(span)}`, () => api.metrics(id, span), (c) => c.trials.includes(id), 1000).data.value;
  const last = useRef<Metrics | null>(null); // drawn until the range that was asked for is there
  last.current = loaded ?? last.current;
  if (!data.value) return <Pending error={error.value} />;
  const { trial, sweeps, stats, notes } = data.value;
  return (
    <>
      <Head trial={trial} sweeps={sweeps} />
      {error.value && <Failure error={error.value} />}
      <Invalid trial={trial} />
      <Facts trial={trial} />
      <TrialCurves trial={trial} metrics={last.current} />
      <Layers name={trial.id} stats={stats} invalid={isInvalid(trial)} />
      <div class="columns">
        <Figures trial={trial} />
        <Audits trial={trial} />
      </div>
      <Attempts name={trial.id} attempts={trial.attempts} />
      {notes.length > 0 && <Section title="Notes"><ul class="notes">{notes.map((note, i) => <li key={i}>{note}</li>)}</ul></Section>}
      <LogTail trial={id} />
      <Parameters trial={trial} />
    </>
  );
}
