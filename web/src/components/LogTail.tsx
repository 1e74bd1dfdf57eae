// The end of a trial's log. What a trainer wrote is shown as text, whatever it is.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api } from "../api";
import { bytes } from "../format";
import { useResource } from "../resource";
import { Section } from "./Parts";

export function LogTail({ trial }: { trial: string }) {
  const { data, error } = useResource(`log/${trial}`, () => api.log(trial), (c) => c.trials.includes(trial), 1000);
  const follow = useSignal(true);
  const box = useRef<HTMLPreElement>(null);
  const log = data.value;
  useEffect(() => {
    if (follow.value && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [log?.text]);
  // The event may come when the page is left already.
  const scrolled = () => {
    const node = box.current;
    if (node) follow.value = node.scrollTop + node.clientHeight >= node.scrollHeight - 8;
  };
  return (
    <Section title="Log" tools={<span class="muted">{follow.value ? "following" : "scroll to the end to follow"}</span>}>
      {error.value && <p class="muted">{error.value.message}</p>}
      {log && log.dropped_bytes > 0 && <p class="muted">{bytes(log.dropped_bytes)} before this are not shown.</p>}
      {log?.text ? <pre ref={box} class="log" tabIndex={0} onScroll={scrolled}>{log.text}</pre> : !error.value && <p class="muted">Nothing written yet.</p>}
      {log?.path && <p class="muted small">The whole log: <span class="mono">{log.path}</span> on worker <span class="mono">{log.worker}</span></p>}
    </Section>
  );
}
