// What happened to a sweep's seeds after it was submitted.
import type { Replication } from "../api";
import { plural } from "../format";

export function SeedsNote({ replication }: { replication: Replication }) {
  const { open, added, stopped } = replication;
  const byRule = open || stopped !== null;
  const sentences = added.map((a) => `${plural(a.seeds.length, "seed")} added to ${plural(a.cells, "cell")} later: ${a.why}${byRule ? "." : "; p-values and intervals take no account of that."}`);
  if (open) sentences.push("Seeds are added until the contrasts are decided.");
  if (stopped) sentences.push(`No more seeds are added: ${stopped}.`);
  return sentences.length > 0 ? <p class="muted">{sentences.join(" ")}</p> : null;
}
