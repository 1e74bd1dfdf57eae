// A chart's figures as a table and as a file, folded away below it.
import { useSignal } from "@preact/signals";
import type { Table } from "../csv";
import { figure } from "../format";
import { CsvButton, Scroll } from "./Parts";

// `table` is made when the reader opens it. Texts and the first column stand as they are.
export function TableTwin({ name, table }: { name: string; table: () => Table }) {
  const open = useSignal(false);
  return (
    <details onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>Table</summary>
      {open.value && <Unfolded name={name} table={table()} />}
    </details>
  );
}

function Unfolded({ name, table }: { name: string; table: Table }) {
  return (
    <>
      <CsvButton name={name} table={() => table} />
      <Scroll label={`${name} as a table`}>
        <table class="dense">
          <thead><tr>{table.columns.map((column) => <th key={column} scope="col" class="num">{column}</th>)}</tr></thead>
          <tbody>
            {table.rows.map((row, r) => (
              <tr key={r}>{row.map((cell, i) => <td key={i} class="num">{i === 0 || typeof cell === "string" ? cell : figure(cell)}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}
