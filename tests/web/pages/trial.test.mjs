// The trial's page: curves, layers, attempts, audits, log, and why it is where it is.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { closePage, openBrowser, openPage, until } from "../browser.mjs";
import { startFake } from "../fake_coordinator.mjs";

let browser, fake, page;
before(async () => {
  [browser, fake] = await Promise.all([openBrowser(), startFake()]);
});
after(async () => {
  await browser.close();
  fake.close();
});
beforeEach(async () => {
  page = await openPage(browser);
});
afterEach(() => closePage(page));

const open = async (sweep, index) => {
  await page.goto(`${fake.url}/trials/${fake.world.get(sweep).trials[index].id}`);
  await page.locator("h1").waitFor();
};
const section = (title) => page.locator(`section[aria-label^="${title}"]`);
const cells = (row) => row.locator("th, td").allInnerTexts();

test("a trial that failed can be retried, one that succeeded cannot", async () => {
  const { trials } = fake.world.get("s0badc0de");
  const failed = trials.findIndex((t) => t.state === "failed");
  await open("s0badc0de", failed);
  await page.getByRole("button", { name: "Retry 1 trial" }).click();
  await page.getByRole("status").filter({ hasText: "1 trial queued again" }).waitFor();
  assert.ok(fake.posts.includes(`/api/v1/trials/${trials[failed].id}/retry`));
  await open("s51c09e3f", 0);
  assert.equal(await page.getByRole("button", { name: /^Retry/ }).count(), 0);
});

test("curves are drawn, grouped by what they measure", async () => {
  await open("s51c09e3f", 30);
  await page.locator("canvas").first().waitFor();
  assert.deepEqual(await page.locator(".legend").evaluateAll((all) => all.map((l) => [...l.querySelectorAll("span:not(.hint)")].map((s) => s.textContent.trim()))),
    [["train/loss", "val/loss"], ["val/accuracy"], ["val/ppl"]]);
  const inked = await page.locator("canvas").first().evaluate((canvas) =>
    canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0));
  assert.ok(inked);
});

test("layers show k and what they attend to", async () => {
  await open("s51c09e3f", 30);
  const rows = section("Layers").locator("[role=region][aria-label='Per-layer statistics'] tbody tr");
  await rows.first().waitFor();
  assert.equal(await rows.count(), 4);
  assert.deepEqual((await cells(rows.nth(3))).slice(0, 3).map((text) => text.trim()), ["3", "64", "25.0 %"]);
});

test("attempts tell how each began and ended", async () => {
  await open("s51c09e3f", 30);
  const rows = section("Attempts").locator("tbody tr");
  await rows.first().waitFor();
  const first = await cells(rows.first());
  assert.deepEqual(first.slice(1, 4), ["lost", "WORKER_LOST", "0 → 90"]);
  assert.deepEqual(first.slice(4, 5), ["step 0 holds"]);
  assert.equal(first[9], "its worker was silent for 60 s");
  assert.equal(await section("Attempts").locator(".timeline .fill").count(), 3);
});

test("audits say what was measured", async () => {
  await open("s0badc0de", 2);
  const row = section("Audits").locator("tbody tr").first();
  await row.waitFor();
  assert.deepEqual(await cells(row), ["1", "causality", "failed", "0.31", "logits before position 17 changed with token 18"]);
});

test("the log ends at its end and names where the rest is", async () => {
  await open("s51c09e3f", 30);
  const log = page.locator("pre.log");
  await log.waitFor();
  await until(page, () => {
    const node = document.querySelector("pre.log");
    return node.scrollTop + node.clientHeight >= node.scrollHeight - 8;
  });
  await page.locator("text=4.0 KiB before this are not shown.").waitFor();
  await section("Log").locator("text=output.log").waitFor();
});

test("a trial that waits says for what, and nothing that it has not", async () => {
  await open("s51c09e3f", 50);
  await page.locator(".explain", { hasText: "Waits for a free slot" }).waitFor();
  await page.locator("text=No points yet.").waitFor();
  await page.locator("text=No worker has taken this trial yet.").waitFor();
  await page.locator("text=Nothing written yet.").waitFor();
  assert.equal(await page.locator("text=INVALID").count(), 0);
  assert.equal(await page.locator("canvas").count(), 0);
});

test("a run of a reference mode is marked with its reasons", async () => {
  await open("sfeedbeef", 0);
  await page.locator(".invalid-note li", { hasText: "the baseline attends to the future" }).waitFor();
  await page.locator("canvas").first().waitFor();
  assert.equal(await page.locator("figure.chart").count(), await page.locator("figure.chart.watermarked[data-mark=INVALID]").count());
});

test("the crumbs lead to the sweep it belongs to", async () => {
  await open("s51c09e3f", 30);
  await page.locator(".crumbs a", { hasText: "s51c09e3f" }).click();
  await page.locator("h1", { hasText: "demo" }).waitFor();
});
