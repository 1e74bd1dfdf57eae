// axe finds nothing serious on any page, light and dark; ten things a person does, with the keyboard alone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { closePage, openBrowser, openPage, until, untilHere } from "../browser.mjs";
import { startFake } from "../fake_coordinator.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SWEEP = "s51c09e3f";
let browser, fake;
before(async () => {
  [browser, fake] = await Promise.all([openBrowser(), startFake()]);
});
after(async () => {
  await browser.close();
  fake.close();
});

const trialOf = (sweep, index) => fake.world.get(sweep).trials[index].id;
const PAGES = {
  sweeps: () => "/",
  "a sweep": () => `/sweeps/${SWEEP}`,
  "a sweep of differences": () => `/sweeps/${SWEEP}?minus=dense_baseline`,
  "a sweep of a reference mode": () => "/sweeps/sfeedbeef",
  "a trial": () => `/trials/${trialOf(SWEEP, 30)}`,
  "a trial in a search of its log": () => `/trials/${trialOf(SWEEP, 30)}?log=step`,
  "an invalid trial": () => `/trials/${trialOf("sfeedbeef", 0)}`,
  workers: () => "/workers",
  events: () => "/events",
  leaderboard: () => "/leaderboard",
  "no such page": () => "/nonesuch",
};

// What axe calls serious or critical, with the places.
async function violations(page) {
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
}

for (const colorScheme of ["light", "dark"]) {
  describe(`axe, ${colorScheme}`, () => {
    for (const [name, path] of Object.entries(PAGES)) {
      test(name, async () => {
        const page = await openPage(browser, { colorScheme });
        await page.goto(fake.url + path());
        await until(page, () => document.querySelector("main h1, main h2") && !document.querySelector(".loading"));
        await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
        assert.deepEqual(await violations(page), []);
        await closePage(page);
      });
    }
  });
}

describe("by keyboard alone", () => {
  // Moves the focus by Tab until `wanted` holds for the focused element.
  async function tabTo(page, wanted, most = 300) {
    for (let i = 0; i < most; ++i) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(wanted)) return;
    }
    assert.fail(`Tab never came to ${wanted}`);
  }
  const task = (name, path, act) =>
    test(name, async () => {
      const page = await openPage(browser);
      await page.goto(fake.url + path());
      await until(page, () => document.querySelector("main h1, main h2") && !document.querySelector(".loading"));
      await act(page, async (...keys) => {
        for (const key of keys) await page.keyboard.press(key);
      });
      await closePage(page);
    });
  const sweepPage = () => `/sweeps/${SWEEP}`;
  const trialPage = () => `/trials/${trialOf(SWEEP, 30)}`;

  task("open a sweep", () => "/", async (page, press) => {
    await page.locator("[data-row]").first().waitFor();
    await press("j", "Enter");
    await page.locator("h1", { hasText: "demo" }).waitFor();
  });
  task("find a trial and open it", sweepPage, async (page, press) => {
    await press("/");
    await page.keyboard.type("uniform_sparse 1024");
    await until(page, () => document.querySelectorAll(".rows tbody tr").length === 3);
    await press("Escape", "j", "Enter");
    await page.locator("h1", { hasText: "uniform_sparse" }).waitFor();
  });
  task("choose another metric", sweepPage, async (page) => {
    await tabTo(page, () => document.activeElement.closest("label")?.textContent.startsWith("Metric"));
    await page.keyboard.type("val/acc");
    await until(page, () => new URL(location.href).searchParams.get("metric") === "val/accuracy");
  });
  task("read a chart as a table", sweepPage, async (page, press) => {
    await tabTo(page, () => document.activeElement.matches("figure summary"));
    await press("Enter");
    await page.locator("figure table").first().waitFor();
  });
  task("sort the trials", sweepPage, async (page, press) => {
    await tabTo(page, () => document.activeElement.matches(".rows th button") && document.activeElement.textContent === "val/loss");
    await press("Enter");
    await page.locator("th[aria-sort=ascending]").waitFor();
  });
  task("read why a verdict was given", sweepPage, async (page, press) => {
    await page.locator(".verdict").first().waitFor();
    await tabTo(page, () => document.activeElement.matches(".verdict summary"));
    await press("Enter");
    await page.locator(".verdict details[open] th", { hasText: "aggressive_middle − uniform_sparse" }).waitFor();
  });
  task("zoom into a range of steps and out again", trialPage, async (page, press) => {
    await tabTo(page, () => document.activeElement.matches("[aria-label='From step']"));
    await page.keyboard.type("50");
    await press("Tab");
    await page.keyboard.type("90");
    await press("Tab");
    await until(page, () => new URL(location.href).search.includes("from=50") && new URL(location.href).search.includes("to=90"));
    await tabTo(page, () => document.activeElement.textContent === "all steps");
    await press("Enter");
    await until(page, () => !new URL(location.href).search.includes("from"));
  });
  task("search the log", trialPage, async (page, press) => {
    await page.locator("pre.log").waitFor();
    await press("/");
    await page.keyboard.type("step 21");
    await page.locator("text=1 line with “step 21”").waitFor();
  });
  task("cancel a sweep, after all not", sweepPage, async (page, press) => {
    await tabTo(page, () => document.activeElement.textContent === "Cancel sweep");
    await press("Enter");
    await page.locator("dialog[open]").waitFor();
    await press("Escape");
    await until(page, () => !document.querySelector("dialog[open]"));
    assert.ok(!fake.posts.includes(`/api/v1/sweeps/${SWEEP}/cancel`));
  });
  task("queue again what failed", () => "/sweeps/s0badc0de", async (page, press) => {
    await tabTo(page, () => document.activeElement.textContent.startsWith("Retry"));
    await press("Enter");
    await untilHere(() => fake.posts.includes("/api/v1/sweeps/s0badc0de/retry"), "the request");
    await page.locator("text=6 trials queued again").waitFor();
  });
  task("go to the events and back", () => "/", async (page, press) => {
    await press("g", "e");
    await page.locator("h1", { hasText: "Events" }).waitFor();
    await press("g", "s");
    await page.locator("h1", { hasText: "Sweeps" }).waitFor();
  });
});
