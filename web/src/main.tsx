// Starts the dashboard: theme, router, keys and stream, then the page that the URL names.
import "./app.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { Command, Empty, LoginHelp } from "./components/Parts";
import { Shell } from "./components/Shell";
import { startKeyboard } from "./keyboard";
import { startLive } from "./live";
import { dark, toggleTheme } from "./palette";
import { EventsPage } from "./pages/EventsPage";
import { LeaderboardPage } from "./pages/LeaderboardPage";
import { SweepPage } from "./pages/SweepPage";
import { SweepsPage } from "./pages/SweepsPage";
import { TrialPage } from "./pages/TrialPage";
import { WorkersPage } from "./pages/WorkersPage";
import { type Route, route, startRouter } from "./router";

function Unknown() {
  return (
    <Empty title="There is no such page">
      <p>All sweeps: <a href="/">the first page</a>. From a shell:</p>
      <Command text="plasactl list" />
    </Empty>
  );
}

const TITLES: Record<Route["page"], string> = {
  sweeps: "Sweeps", sweep: "Sweep", trial: "Trial", workers: "Workers", events: "Events", leaderboard: "Leaderboard", login: "Log in", unknown: "Not found",
};

function Page() {
  const to = route.value;
  const id = "id" in to ? to.id : "";
  useEffect(() => void (document.title = `${id || TITLES[to.page]} · plasa`), [to.page, id]);
  if (to.page === "sweeps") return <SweepsPage />;
  if (to.page === "sweep") return <SweepPage key={to.id} id={to.id} />;
  if (to.page === "trial") return <TrialPage key={to.id} id={to.id} />;
  if (to.page === "login") return <LoginHelp title="This link does not work any more" />;
  if (to.page === "leaderboard") return <LeaderboardPage />;
  if (to.page === "events") return <EventsPage />;
  return to.page === "workers" ? <WorkersPage /> : <Unknown />;
}

effect(() => void (document.documentElement.dataset.theme = dark.value ? "dark" : "light"));
startRouter();
startKeyboard(toggleTheme);
startLive();
render(<Shell><Page /></Shell>, document.getElementById("app") as HTMLElement);
