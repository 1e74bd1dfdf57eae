// What the sweep says about the questions it was submitted with: a card a claim, with the sentence a paper could quote.
import { api, type Claim, type Contrast, type Sweep, type Trial } from "../api";
import type { Table } from "../csv";
import { figure, plural, scalar, signed } from "../format";
import { useResource } from "../resource";
import { query, setQuery } from "../router";
import { isInvalid } from "../summary";
import { CopyButton, CsvButton, Failure, Scroll, Section } from "./Parts";

const TONES: [start: string, tone: string, sign: string][] = [
  ["supported", "succeeded", "✓"], ["contradicted", "failed", "✗"], ["equivalent", "running", "="], ["inconclusive", "suspect", "?"],
];

function Word({ verdict }: { verdict: string }) {
  const [, tone, sign] = TONES.find(([start]) => verdict.startsWith(start)) ?? ["", "canceled", "–"];
  return <span class={`state tone-${tone}`}><b aria-hidden="true">{sign}</b> {verdict}</span>;
}

const FIRST = 9; // cards drawn at first: an experiment may ask dozens of questions
const WORDS = [...TONES.map(([start]) => start), "not testable"];

// What was decided comes first, what could not be asked last.
function strength(claim: Claim): number {
  const place = WORDS.findIndex((word) => claim.verdict.startsWith(word));
  return place === 4 ? 9 : place === 3 ? 8 : place < 0 ? 7 : place;
}

// "2 supported, 40 inconclusive": the verdicts by their first words.
function summaryOf(claims: Claim[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of claims) {
    const word = WORDS.find((w) => verdict.startsWith(w)) ?? verdict;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => `${count} ${word}`).join(", ");
}

// The name by which contrasts call the cell of a trial, its length left out.
function labelOf({ cell, params }: Trial): string {
  const others = Object.entries(cell).filter(([name]) => name !== "schedule" && name !== "seq_len");
  return [...(params.schedule === undefined ? [] : [scalar(params.schedule)]), ...others.map(([name, value]) => `${name}=${scalar(value)}`)].join(", ");
}

const between = (interval: Contrast["interval"]) => (interval ? ` [${interval.map((v) => figure(v, 3)).join(", ")}]` : "");

function tableOf(contrasts: Contrast[], isMarked: (contrasts: Contrast[]) => boolean): Table {
  return {
    columns: ["a", "b", "seq_len", "metric", "verdict", "n", "mean", "low", "high", "p", "p_adjusted", "detectable", "family", "valid", "deltas"],
    rows: contrasts.map((c) => [c.a, c.b, c.seq_len, c.metric, c.verdict, c.n, c.mean, c.interval?.[0], c.interval?.[1], c.p, c.p_adjusted, c.detectable, c.family, isMarked([c]) ? "INVALID" : "yes", (c.deltas ?? []).join(" ")]),
  };
}

function Contrasts({ contrasts }: { contrasts: Contrast[] }) {
  return (
    <details>
      <summary>{plural(contrasts.length, "contrast")}</summary>
      <Scroll label="Contrasts">
        <table class="dense">
          <thead><tr><th scope="col">contrast</th><th scope="col" class="num">n</th><th scope="col" class="num">mean [95 %]</th><th scope="col" class="num">adjusted p</th><th scope="col">verdict</th></tr></thead>
          <tbody>
            {contrasts.map((c, i) => (
              <tr key={i}>
                <th scope="row">{c.a} − {c.b}{c.seq_len ? ` at ${c.seq_len}` : ""}</th><td class="num">{c.n}</td>
                <td class="num">{c.mean != null ? signed(c.mean) : "–"}{between(c.interval)}</td><td class="num">{figure(c.p_adjusted, 3)}</td><td>{c.verdict}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}

function Card({ claim, invalid }: { claim: Claim; invalid: boolean }) {
  return (
    <article class={`card verdict ${invalid ? "watermarked" : ""}`} data-mark={invalid ? "INVALID" : undefined} aria-label={claim.title}>
      <header><h3>{claim.title}{claim.seq_len != null && <span class="muted"> at {claim.seq_len}</span>}</h3><Word verdict={claim.verdict} />{invalid && <span class="invalid-tag">INVALID</span>}</header>
      <p class="muted small">{claim.question}</p>
      <blockquote>{claim.sentence}</blockquote>
      <p class="small num">
        {claim.effect != null && <span>effect <b>{signed(claim.effect)}</b>{between(claim.interval)}</span>}
        {claim.p_adjusted != null && <span>adjusted p <b>{figure(claim.p_adjusted, 3)}</b></span>}
        {claim.n != null && <span>n = {claim.n}</span>}
        {claim.run_more != null && <span>run {plural(claim.run_more, "more seed")}</span>}
        <CopyButton text={(invalid ? "INVALID: " : "") + claim.sentence} />
      </p>
      {claim.contrasts.length > 0 && <Contrasts contrasts={claim.contrasts} />}
    </article>
  );
}

export function Verdicts({ sweep, trials }: { sweep: Sweep; trials: Trial[] }) {
  const { data, error } = useResource(`verdicts/${sweep.id}`, () => api.verdicts(sweep.id), (c) => c.sweeps.includes(sweep.id), 5000);
  if (!data.value) return error.value && error.value.status !== 404 ? <Section title="Verdicts"><Failure error={error.value} /></Section> : null;
  const { claims, verdicts, alpha, margin } = data.value;
  if (claims.length + verdicts.length === 0) return null;
  const spoiled = new Set(trials.filter(isInvalid).map(labelOf));
  const isMarked = (contrasts: Contrast[]) => spoiled.size > 0 && (contrasts.length === 0 || contrasts.some((c) => spoiled.has(c.a) || spoiled.has(c.b)));
  const all = query.value.has("claims") || claims.length <= FIRST;
  const shown = [...claims].sort((a, b) => strength(a) - strength(b)).slice(0, all ? claims.length : FIRST);
  const tools = (
    <>
      <span class="muted small">α = {alpha}, margin {margin}</span>
      <CsvButton name={`${sweep.name} verdicts`} table={() => tableOf(verdicts, isMarked)} />
    </>
  );
  return (
    <Section title="Verdicts" tools={tools}>
      {claims.length > 0 && <p class="muted small">{plural(claims.length, "claim")}: {summaryOf(claims)}</p>}
      <div class="charts">{shown.map((claim) => <Card key={`${claim.id} ${claim.seq_len}`} claim={claim} invalid={isMarked(claim.contrasts)} />)}</div>
      {!all && <p><button type="button" onClick={() => setQuery({ claims: "all" })}>Show all {claims.length} claims</button></p>}
      {claims.length === 0 && <Contrasts contrasts={verdicts} />}
    </Section>
  );
}
