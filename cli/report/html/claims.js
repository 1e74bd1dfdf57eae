// The verdicts: claims as cards where they are known, else the contrasts; the numbers of all contrasts as a table.
const ICONS = { supported: "✓", contradicted: "✗", equivalent: "=", inconclusive: "?" };
const kindOf = (words) => Object.keys(ICONS).find((kind) => String(words).startsWith(kind)) ?? "other";
const rangeOf = (interval) => Array.isArray(interval) ? ` [${interval.map(brief).join(", ")}]` : "";
const effectOf = (claim) => typeof claim.effect === "object" && claim.effect !== null ? claim.effect.mean : claim.effect;

function figuresOf({ effect, interval, p_adjusted, n, run_more, seq_len }) {
  return [
    isNumber(seq_len) && seq_len > 0 ? `L = ${seq_len}` : null,
    isNumber(effect) ? `effect ${brief(effect)}${rangeOf(interval)}` : null,
    isNumber(p_adjusted) ? `adjusted p ${brief(p_adjusted)}` : null,
    isNumber(n) ? `n = ${n}` : null,
    isNumber(run_more) && run_more > 0 ? `run ${run_more} more seeds` : null,
  ].filter((part) => part !== null).join(" · ");
}

function card({ id, title, question, verdict, sentence, figures, contrasts = [] }) {
  const kind = kindOf(verdict);
  return el("article", { class: `card ${kind}`, "data-claim": id ?? title }, el("h3", {}, id && id !== title ? `${id}: ${title}` : title),
    question ? el("p", { class: "quiet" }, question) : null,
    el("p", { class: "word" }, `${ICONS[kind] ?? "–"} ${verdict}`),
    sentence ? el("p", {}, sentence) : null,
    figures ? el("p", { class: "quiet" }, figures) : null,
    contrasts.length > 0 ? el("details", {}, el("summary", {}, "Rests on"), contrastTable(`Contrasts of ${title}, ${figures}`, contrasts)) : null);
}

const claimCard = (claim) => card({ ...claim, title: claim.title ?? claim.id ?? "claim", figures: figuresOf({ ...claim, effect: effectOf(claim) }) });
const contrastCard = (v) => card({ title: `${v.a} − ${v.b}`, question: v.metric, verdict: v.verdict, figures: figuresOf({ ...v, effect: v.mean }) });

function contrastTable(caption, verdicts) {
  const columns = [{ title: "contrast" }, { title: "L", number: true }, { title: "metric" }, { title: "family" }, { title: "test" }, { title: "n", number: true }, { title: "mean", number: true }, { title: "95 % from", number: true },
    { title: "to", number: true }, { title: "p", number: true }, { title: "p adjusted", number: true }, { title: "detectable", number: true }, { title: "verdict", long: true }];
  return table(caption, columns, verdicts.map((v) =>
    [`${v.a} − ${v.b}`, v.seq_len, v.metric, v.family, v.test, v.n, v.mean, v.interval?.[0], v.interval?.[1], v.p, v.p_adjusted, v.detectable, v.verdict]));
}

function showClaims() {
  const { claims = [], verdicts = [] } = data.judged ?? {};
  if (claims.length + verdicts.length === 0) {
    bodyOf("claims").append(el("p", {}, "This sweep asks no question: its file lists no contrasts under plasa: contrasts."));
    return;
  }
  bodyOf("claims").append(el("div", { class: "cards" }, ...(claims.length > 0 ? claims.map(claimCard) : verdicts.map(contrastCard))));
  if (verdicts.length > 0) bodyOf("claims").append(el("details", {}, el("summary", {}, `The ${verdicts.length} contrasts behind them, in figures`), contrastTable("All contrasts: mean of a − b over seeds", verdicts)));
}
