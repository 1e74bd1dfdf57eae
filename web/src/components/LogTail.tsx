// The end of a trial's log, or of its lines that hold a text. What a trainer wrote is shown as text, whatever it is.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api } from "../api";
import { bytes, plural } from "../format";
import { query, setQuery } from "../router";
import { useResource } from "../resource";
import { Search, Section } from "./Parts";

// The lines that hold `wanted`, in whatever case, with their numbers.
function found(text: string, wanted: string): { number: number; line: string }[] {
  const lower = wanted.toLowerCase();
  return text.split("\n").map((line, i) => ({ number: i + 1, line })).filter(({ line }) => line.toLowerCase().includes(lower));
}

function Found({ text, wanted }: { text: string; wanted: string }) {
  const lines = found(text, wanted);
  return (
    <>
      <p class="muted small" role="status">{plural(lines.length, "line")} with “{wanted}” in what is shown here.</p>
      {lines.length > 0 && <pre class="log" tabIndex={0}>{lines.map(({ number, line }) => <div key={number}><span class="muted">{number}</span> {line}</div>)}</pre>}
    </>
  );
}

export function LogTail({ trial }: { trial: string }) {
  const { data, error } = useResource(`log/${trial}`, () => api.log(trial), (c) => c.trials.includes(trial), 1000);
  const follow = useSignal(true);
  const box = useRef<HTMLPreElement>(null);
  const log = data.value;
  const wanted = query.value.get("log") ?? "";
  useEffect(() => {
    if (follow.value && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [log?.text, wanted]);
  // The event may come when the page is left already.
  const scrolled = () => {
    const node = box.current;
    if (node) follow.value = node.scrollTop + node.clientHeight >= node.scrollHeight - 8;
  };
  const tools = (
    <>
      {!wanted && <span class="muted">{follow.value ? "following" : "scroll to the end to follow"}</span>}
      <Search label="Search the log" hint="Search  /" value={wanted} onInput={(text) => setQuery({ log: text || null })} />
    </>
  );
  return (
    <Section title="Log" tools={tools}>
      {error.value && <p class="muted">{error.value.message}</p>}
      {log && log.dropped_bytes > 0 && <p class="muted">{bytes(log.dropped_bytes)} before this are not shown.</p>}
      {log?.text && wanted ? <Found text={log.text} wanted={wanted} /> : log?.text ? <pre ref={box} class="log" tabIndex={0} onScroll={scrolled}>{log.text}</pre> : !error.value && <p class="muted">Nothing written yet.</p>}
      {log?.path && <p class="muted small">The whole log: <span class="mono">{log.path}</span> on worker <span class="mono">{log.worker}</span></p>}
    </Section>
  );
}
