// What changes while a page is open. One tab of a browser holds the stream and tells the others, so that many tabs do not
// use up the connections a browser allows to one server.
import { signal } from "@preact/signals";
import { api } from "./api";

// What a commit of the coordinator touched.
export interface Change { sweeps: string[]; trials: string[]; workers: boolean }
// What is loaded lacks changes: all of it (null), or what is older than a cursor.
export interface Gap { upto: number | null }
type News = Change | Gap;
type Listener = (news: News) => void;
type Message = { kind: "news"; news: News } | { kind: "connected"; up: boolean };

export const connected = signal(true);

const listeners = new Set<Listener>();

// Returns the function that ends it.
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function deliver(message: Message): void {
  if (message.kind === "connected") connected.value = message.up;
  else for (const listener of listeners) listener(message.news);
}

// Opens the stream and keeps it open; a browser reconnects by itself and sends the last cursor. A stream that was refused
// (a restarted coordinator that wants a new login, too many clients) is tried again after a while.
function listen(tell: (message: Message) => void): void {
  const stream = api.stream();
  const data = (event: Event) => JSON.parse((event as MessageEvent<string>).data);
  stream.addEventListener("change", (event) => tell({ kind: "news", news: data(event) }));
  stream.addEventListener("points", (event) => {
    const { sweep, trial } = data(event);
    tell({ kind: "news", news: { sweeps: [sweep], trials: [trial], workers: false } });
  });
  stream.addEventListener("begin", (event) => tell({ kind: "news", news: { upto: data(event).cursor } }));
  stream.addEventListener("reset", () => tell({ kind: "news", news: { upto: null } }));
  stream.onopen = () => {
    tell({ kind: "connected", up: true });
    tell({ kind: "news", news: { upto: -1 } }); // loads that failed meanwhile are repeated
  };
  stream.onerror = () => {
    tell({ kind: "connected", up: false });
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(() => listen(tell), 3000);
  };
}

export function startLive(): void {
  if (!navigator.locks || !window.BroadcastChannel) return listen(deliver);
  const channel = new BroadcastChannel("plasa-live");
  channel.onmessage = (event: MessageEvent<Message>) => deliver(event.data);
  const tellAll = (message: Message) => {
    deliver(message);
    channel.postMessage(message);
  };
  // The lock is held until this tab closes; then the next tab in line opens the stream.
  void navigator.locks.request("plasa-live", () => {
    listen(tellAll);
    return new Promise<void>(() => undefined);
  });
}
