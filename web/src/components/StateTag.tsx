// A state as shape, colour and word, so that none of them is needed alone.
import type { JSX } from "preact";

const CHECK = <path d="M3 8.5l3.4 3.5L13 4.5" fill="none" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" />;
const CROSS = <path d="M4 4l8 8M12 4l-8 8" fill="none" stroke-width="2.4" stroke-linecap="round" />;
const WARNING = <path d="M8 2.5l6 11H2zM8 6.5v3.2M8 11.6v.1" fill="none" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round" />;
const WAITING = <circle cx="8" cy="8" r="5" fill="none" stroke-width="2" stroke-dasharray="2.6 2.6" />;
const SHAPES: Record<string, JSX.Element> = {
  queued: WAITING,
  leased: WAITING,
  running: <path d="M5 3.2v9.6L13 8z" stroke-width="1" stroke-linejoin="round" />,
  suspect: WARNING,
  silent: WARNING,
  draining: WARNING,
  succeeded: CHECK,
  passed: CHECK,
  failed: CROSS,
  lost: CROSS,
  gone: CROSS,
  canceled: <path d="M3.5 8h9" fill="none" stroke-width="2.4" stroke-linecap="round" />,
  quarantined: <path d="M4 14V2.5h8l-2 3 2 3H4" fill="none" stroke-width="1.8" stroke-linejoin="round" stroke-linecap="round" />,
};
const OTHER = <circle cx="8" cy="8" r="4.5" stroke-width="1" />;

const TONES: Record<string, string> = {
  online: "succeeded", leased: "queued", lost: "failed", gone: "failed", preempted: "canceled", draining: "suspect", silent: "suspect",
};

export function StateTag({ state }: { state: string }) {
  return (
    <span class={`state tone-${TONES[state] ?? state}`}>
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">{SHAPES[state] ?? OTHER}</svg>
      {state}
    </span>
  );
}
