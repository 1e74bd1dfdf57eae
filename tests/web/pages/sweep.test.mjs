// The sweep's page: what its figures say, and what a reader can do with them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { closePage, openBrowser, openPage, until, untilHere } from "../browser.mjs";
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

const SWEEP = "s51c09e3f";
const open = async (query = "", id = SWEEP) => {
  await page.goto(`${fake.url}/sweeps/${id}${query}`);
  await page.locator(".heat").waitFor();
};
const trialsAt = (schedule, seq_len) =>
  fake.world.get(SWEEP).trials.filter((t) => t.cell.schedule === schedule && t.cell.seq_len === seq_len && t.state === "succeeded");
const meanOf = (trials, metric = "val/loss") => trials.reduce((sum, t) => sum + t.metrics[metric], 0) / trials.length;
const heatRow = (name) => page.locator(".heat tr").filter({ has: page.locator("th", { hasText: name }) });
const pick = (label, value) => page.locator(`label.pick:has(> span:text-is("${label}")) select`).selectOption(value);

test("the heat map shows the mean of each cell over its admitted seeds", async () => {
  await open();
  assert.deepEqual(await page.locator(".heat thead th").allInnerTexts(), ["schedule × seq_len", "64", "256", "1024"]);
  const cell = heatRow("uniform_sparse").locator("td").nth(1);
  assert.equal(await cell.locator("b").innerText(), meanOf(trialsAt("uniform_sparse", 256)).toFixed(3));
  assert.equal(await cell.locator("small").innerText(), "n = 3");
  assert.equal(await heatRow("reverse_progressive").locator("td").first().innerText(), "waiting");
});

test("another metric, and differences paired by seed, stand in the address", async () => {
  await open();
  await pick("Metric", "val/accuracy");
  await until(page, () => new URL(location.href).searchParams.get("metric") === "val/accuracy");
  await pick("Show", "dense_baseline");
  await heatRow("dense_baseline").locator("td b").first().and(page.getByText("0", { exact: true })).waitFor();
  const difference = meanOf(trialsAt("uniform_sparse", 64), "val/accuracy") - meanOf(trialsAt("dense_baseline", 64), "val/accuracy");
  const shown = await heatRow("uniform_sparse").locator("td b").first().innerText();
  assert.equal(Number(shown.replace("−", "-")), Number(difference.toPrecision(3)));
  await page.reload();
  assert.equal(await heatRow("uniform_sparse").locator("td b").first().innerText(), shown);
});

test("curves are one line a cell and have a table twin", async () => {
  await open();
  await page.locator(".legend span", { hasText: "dense_baseline 64" }).first().waitFor();
  await pick("seq_len", "256");
  await until(page, () => [...document.querySelectorAll("section[aria-label=Curves] .legend > span")].every((s) => !s.textContent.includes(" 64")));
  const curves = page.locator("section[aria-label=Curves]");
  await curves.locator("figure summary").click();
  await curves.locator("figure table").waitFor();
  const header = await curves.locator("figure table th").allInnerTexts();
  assert.equal(header[0], "step");
  for (const name of ["dense_baseline 256", "dense_baseline 256 lowest", "dense_baseline 256 highest"]) assert.ok(header.includes(name), name);
});

test("the trial table sorts, filters and opens", async () => {
  await open("?filter=uniform_sparse+1024");
  await until(page, () => document.querySelectorAll(".rows tbody tr").length === 3);
  await page.getByRole("button", { name: "val/loss" }).click();
  await page.locator("th[aria-sort=ascending]").waitFor();
  const losses = await page.locator(".rows tbody tr td:nth-child(7)").allInnerTexts();
  assert.deepEqual(losses, [...losses].sort());
  await page.getByRole("button", { name: "val/loss" }).click();
  await page.locator("th[aria-sort=descending]").waitFor();
  assert.deepEqual(await page.locator(".rows tbody tr td:nth-child(7)").allInnerTexts(), [...losses].reverse());
  await page.locator(".rows [data-row]").first().click();
  await page.locator("h1", { hasText: "schedule uniform_sparse · seq_len 1024" }).waitFor();
});

test("tables are files for a spreadsheet", async () => {
  await open();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("section[aria-label^=Trials]").getByRole("button", { name: "CSV" }).click(),
  ]);
  const lines = readFileSync(await download.path(), "utf8").trim().split("\n");
  assert.match(lines[0], /^trial,state,schedule,seq_len,seed,step,val\/loss/);
  assert.equal(lines.length, 1 + fake.world.get(SWEEP).trials.length);
});

test("only runs of a reference mode are marked INVALID", async () => {
  await open();
  assert.equal(await page.locator("text=INVALID").count(), 0); // although most trials have no result yet
  await open("", "sfeedbeef");
  await page.locator(".invalid-note", { hasText: "6 of 6 trials ran in a reference mode" }).waitFor();
  assert.equal(await page.locator("section[aria-label^=Trials] .invalid-tag").count(), 6);
  await page.locator("section[aria-label=Comparison] figure").first().waitFor();
  const charts = page.locator("figure.chart");
  assert.equal(await page.locator("figure.chart.watermarked[data-mark=INVALID]").count(), await charts.count());
  assert.equal(await page.locator(".verdict").count(), await page.locator(".verdict.watermarked[data-mark=INVALID] .invalid-tag").count());
  assert.equal(await page.locator(".heat td.invalid-cell small", { hasText: "INVALID" }).count(), 6);
});

test("cancelling asks first and says what came of it", async () => {
  await open();
  await page.locator(".page-head > button", { hasText: "Cancel sweep" }).click();
  await page.locator("dialog[open]").getByRole("button", { name: "Go on" }).click();
  await until(page, () => !document.querySelector("dialog[open]"));
  assert.deepEqual(fake.posts, []);
  await page.locator(".page-head > button", { hasText: "Cancel sweep" }).click();
  await page.locator("dialog[open]").getByRole("button", { name: "Cancel sweep" }).click();
  await page.locator("text=20 trials canceled").waitFor();
  await untilHere(() => fake.posts.length === 1, "the request");
  assert.deepEqual(fake.posts, [`/api/v1/sweeps/${SWEEP}/cancel`]);
});
