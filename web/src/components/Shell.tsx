// The frame around every page: name, navigation, whether the stream is alive, theme and help.
import type { ComponentChildren } from "preact";
import { api } from "../api";
import { connected } from "../live";
import { duration } from "../format";
import { helpOpen, KEYS } from "../keyboard";
import { dark, toggleTheme } from "../palette";
import { useResource } from "../resource";
import { route } from "../router";
import { Dialog } from "./Parts";

function Nav({ href, current, children }: { href: string; current: boolean; children: string }) {
  return <a href={href} aria-current={current ? "page" : undefined}>{children}</a>;
}

function Connection() {
  return (
    <span class={`live ${connected.value ? "up" : "down"}`} role="status" title={connected.value ? "changes arrive as they happen" : "no connection to the coordinator"}>
      <i aria-hidden="true" />
      {connected.value ? "live" : "reconnecting"}
    </span>
  );
}

function Help() {
  const info = useResource(helpOpen.value ? "info" : null, api.info, () => false).data.value;
  return (
    <Dialog open={helpOpen.value} title="Keys" onClose={() => (helpOpen.value = false)}>
      <dl class="keys">
        {KEYS.map(([key, what]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>)}
      </dl>
      {info && <p class="muted small">plasa {info.version}, up for {duration(info.uptime_s)}, cluster <span class="mono">{info.cluster_uuid}</span></p>}
    </Dialog>
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  const { page } = route.value;
  return (
    <>
      <a class="skip" href="#main" onClick={() => document.getElementById("main")?.focus()}>Skip to content</a>
      <header class="top">
        <a class="brand" href="/">plasa</a>
        <nav aria-label="Pages">
          <Nav href="/" current={page === "sweeps" || page === "sweep" || page === "trial"}>Sweeps</Nav>
          <Nav href="/leaderboard" current={page === "leaderboard"}>Leaderboard</Nav>
          <Nav href="/workers" current={page === "workers"}>Workers</Nav>
          <Nav href="/events" current={page === "events"}>Events</Nav>
        </nav>
        <span class="space" />
        <Connection />
        <button type="button" class="icon" aria-label={dark.value ? "Use the light theme" : "Use the dark theme"} onClick={toggleTheme}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            {dark.value
              ? <path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3.1 3.1l1.1 1.1M11.8 11.8l1.1 1.1M3.1 12.9l1.1-1.1M11.8 4.2l1.1-1.1M8 5a3 3 0 100 6 3 3 0 000-6z" />
              : <path d="M13.5 9.6A5.8 5.8 0 016.4 2.5a5.8 5.8 0 107.1 7.1z" />}
          </svg>
        </button>
        <button type="button" class="icon" aria-label="Keys" onClick={() => (helpOpen.value = true)}>?</button>
      </header>
      <main id="main" tabIndex={-1}>{children}</main>
      <Help />
    </>
  );
}
