// Entries of plasa-benchmark in all sweeps, best first; one table for each budget and data.
import { api, type Board } from "../api";
import { Command, CsvButton, Empty, Failure, Pending, Scroll, Section } from "../components/Parts";
import { figure } from "../format";
import { useResource } from "../resource";

const COLUMNS = ["rank", "configuration", "seeds", "score", "95 % from", "to", "loss", "perplexity", "s a step"];
const rowsOf = (board: Board) => board.entries.map((e) => [e.rank, e.label, e.seeds, e.score.mean, e.seeds > 2 ? e.score.lo : null, e.seeds > 2 ? e.score.hi : null, e.loss, e.ppl, e.time_per_step]);

function Entries({ board }: { board: Board }) {
  const name = `${board.steps} steps of ${board.batch_size} × ${board.seq_len} tokens, ${Object.values(board.data).join(" ")}`;
  return (
    <Section title={name} tools={<CsvButton name="leaderboard" table={() => ({ columns: COLUMNS, rows: rowsOf(board) })} />}>
      <Scroll label={name}>
        <table class="rows">
          <thead><tr>{COLUMNS.map((column, i) => <th key={column} scope="col" class={i === 1 ? "" : "num"}>{column}</th>)}</tr></thead>
          <tbody>{rowsOf(board).map((row) => <tr key={row[1]}>{row.map((cell, i) => i === 1 ? <th key={i} scope="row">{cell}</th> : <td key={i} class="num">{i < 3 ? cell : figure(cell as number | null)}</td>)}</tr>)}</tbody>
        </table>
      </Scroll>
    </Section>
  );
}

export function LeaderboardPage() {
  const { data, error } = useResource("leaderboard", api.leaderboard, (change) => change.trials.length > 0, 2000);
  if (!data.value) return <Pending error={error.value} />;
  const { boards } = data.value;
  return (
    <>
      <div class="page-head"><h1>Leaderboard</h1><p class="muted">Score: 1 / perplexity of held-out text after a fixed budget; admitted, strict trials only.</p></div>
      {error.value && <Failure error={error.value} />}
      {boards.length === 0 && <Empty title="No entry yet"><p>Every configuration of the benchmark is an entry.</p><Command text="plasactl submit plasa-benchmark -P lr=1e-3" /></Empty>}
      {boards.map((board, i) => <Entries key={i} board={board} />)}
    </>
  );
}
