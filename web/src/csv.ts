// Tables as CSV files, made in the browser from what is shown.

export type Cell = string | number | null | undefined;
export interface Table { columns: string[]; rows: Cell[][] }

// A text that a spreadsheet would run as a formula is quoted with an apostrophe.
function field(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell)) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvText = (table: Table) => [table.columns, ...table.rows].map((row) => `${row.map(field).join(",")}\n`).join("");

export function download(name: string, table: Table): void {
  const href = URL.createObjectURL(new Blob([csvText(table)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = href;
  link.download = `${name.replace(/[^\w.-]+/g, "_")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
