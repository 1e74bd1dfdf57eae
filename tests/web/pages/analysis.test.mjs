// What the sweep's page says of its cells together: verdicts, the six plots, the budget, the difference of two cells.
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
  page = await openPage(browser, { forgive: /status of 404/ });
});
afterEach(() => closePage(page));

const open = async (id = "s51c09e3f", query = "") => {
  await page.goto(`${fake.url}/sweeps/${id}${query}`);
  await page.locator(".heat").waitFor();
};
const section = (title) => page.locator(`section[aria-label="${title}"]`);
const plot = (title) => page.locator("figure.chart").filter({ has: page.locator("h3", { hasText: title }) });

async function csvOf(figure) {
  await figure.locator("summary").click();
  const [download] = await Promise.all([page.waitForEvent("download"), figure.getByRole("button", { name: "CSV" }).click()]);
  return readFileSync(await download.path(), "utf8").trim().split("\n").map((line) => line.split(","));
}

test("a verdict is a card with the sentence to quote, its figures and its contrasts", async () => {
  await open();
  const cards = section("Verdicts").locator(".verdict");
  await cards.first().waitFor();
  assert.equal(await cards.count(), 3);
  const card = cards.first();
  assert.match(await card.locator("blockquote").innerText(), /^At length 1024, aggressive_middle had a lower held-out loss/);
  assert.match(await card.innerText(), /supported/);
  assert.match(await card.innerText(), /effect −0.0532 \[-0.0652, -0.0422\]\s+adjusted p 0.00980\s+n = 10/);
  await card.locator("summary").click();
  await card.locator("th", { hasText: "aggressive_middle − uniform_sparse at 1024" }).waitFor();
  assert.match(await cards.nth(1).innerText(), /run 17 more seeds/);
});

test("of many claims the decided come first, and the rest on demand", async () => {
  const { sweep } = fake.world.get("s51c09e3f");
  const many = Array.from({ length: 30 }, (_, i) => ({ ...fake.verdicts.claims[1], id: `x${i}`, title: `Question ${i}`, verdict: i === 17 ? "contradicted" : "inconclusive (MDE 0.1)" }));
  await page.route(`**/api/v1/sweeps/${sweep.id}/verdicts`, (route) => route.fulfill({ json: { ...fake.verdicts, claims: many } }));
  await open();
  const cards = section("Verdicts").locator(".verdict");
  await cards.first().waitFor();
  assert.equal(await cards.count(), 9);
  assert.match(await cards.first().innerText(), /Question 17/);
  await section("Verdicts").locator("text=30 claims: 29 inconclusive, 1 contradicted").waitFor();
  await section("Verdicts").getByRole("button", { name: "Show all 30 claims" }).click();
  await until(page, () => document.querySelectorAll(".verdict").length === 30);
  await page.reload();
  await until(page, () => document.querySelectorAll(".verdict").length === 30);
});

test("a verdict without figures says so, and only what rests on a reference mode is marked", async () => {
  const { sweep, trials } = fake.world.get("s51c09e3f");
  const untestable = { a: "uniform_sparse", b: "nobody", seq_len: 64, metric: "val/loss", verdict: "not testable", n: 0, deltas: [], family: "f" };
  const claims = [fake.verdicts.claims[0], { id: "U", title: "Untestable", question: "", verdict: "not testable", sentence: "Nobody ran.", seq_len: 64, n: null, contrasts: [untestable] }];
  await page.route(`**/api/v1/sweeps/${sweep.id}/verdicts`, (route) => route.fulfill({ json: { ...fake.verdicts, claims } }));
  await page.route(`**/api/v1/sweeps/${sweep.id}?trials=rows`, (route) => route.fulfill({ json: { v: 1, cursor: 1, sweep, trials: trials.map((t) => (t.cell.schedule === "aggressive_middle" ? { ...t, valid: false, invalid_reasons: ["leaks"] } : t)) } }));
  await open();
  await page.locator(".verdict").first().waitFor();
  assert.deepEqual(await page.locator(".verdict").evaluateAll((all) => all.map((card) => card.dataset.mark ?? "")), ["INVALID", ""]);
  await page.locator(".verdict summary").nth(1).click();
  assert.match(await page.locator(".verdict").nth(1).locator("tbody").innerText(), /uniform_sparse − nobody at 64\s+0\s+–\s+–\s+not testable/);
});

test("a coordinator that judges nothing shows no cards", async () => {
  fake.world.get("s0badc0de").withoutVerdicts = true;
  await open("s0badc0de");
  await section("Comparison").waitFor();
  assert.equal(await section("Verdicts").count(), 0);
});

test("the six plots say the means of the cells, with intervals from three seeds on", async () => {
  await open();
  const titles = ["val/loss against seq_len", "accuracy against seq_len", "time per step against seq_len", "val/loss at seq_len 1024", "improvement over uniform_sparse (%)", "validation accuracy (%)", "val/loss against pairs computed"];
  await plot(titles[6]).waitFor();
  for (const title of titles) assert.equal(await plot(title).count(), 1, title);
  const rows = await csvOf(plot(titles[0]));
  assert.deepEqual(rows[0], ["series", "seq_len", "n", "val/loss", "low", "high", "valid"]);
  const [, length, n, mean, low, high, valid] = rows.find((row) => row[0] === "uniform_sparse" && row[1] === "256");
  const values = fake.world.get("s51c09e3f").trials.filter((t) => t.cell.schedule === "uniform_sparse" && t.cell.seq_len === 256).map((t) => t.metrics["val/loss"]);
  assert.deepEqual([length, n, valid], ["256", "3", "yes"]);
  assert.ok(Math.abs(Number(mean) - values.reduce((a, b) => a + b, 0) / 3) < 1e-12);
  assert.ok(Number(low) >= Math.min(...values) && Number(low) < Number(mean) && Number(mean) < Number(high) && Number(high) <= Math.max(...values));
});

test("improvement is paired by seed and over the baseline a reader picks", async () => {
  await open("s51c09e3f", "?over=dense_baseline");
  const rows = await csvOf(plot("improvement over dense_baseline (%)"));
  const at = (schedule) => fake.world.get("s51c09e3f").trials.filter((t) => t.cell.schedule === schedule && t.cell.seq_len === 64).map((t) => t.metrics["val/loss"]);
  const [base, other] = [at("dense_baseline"), at("uniform_sparse")];
  const wanted = base.reduce((sum, b, i) => sum + (100 * (b - other[i])) / b, 0) / 3;
  assert.ok(Math.abs(Number(rows.find((row) => row[0] === "uniform_sparse" && row[1] === "64")[3]) - wanted) < 1e-9);
});

test("the budget plot sets the loss against the pairs that a cell attends to", async () => {
  await open();
  const rows = await csvOf(plot("val/loss against pairs computed"));
  const pairs = [64, 32, 64].reduce((sum, k) => sum + (k * (k + 1)) / 2 + (64 - k) * k, 0); // dense_baseline at 64 in the fake
  assert.ok(rows.some((row) => row[0] === "dense_baseline" && row[1] === String(pairs)), JSON.stringify(rows.slice(0, 4)));
});

test("two cells differ in what their configurations say, and nothing else is listed", async () => {
  await open("s51c09e3f", "?a=dense_baseline+64&b=uniform_sparse+1024");
  const rows = await section("Configuration").locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.children].map((c) => c.textContent)));
  assert.deepEqual(rows, [["schedule", "dense_baseline", "uniform_sparse"], ["seq_len", "64", "1024"]]);
  await section("Configuration").locator("text=5 parameters the same in both.").waitFor();
});

test("what failed is queued again from the page", async () => {
  await open("s0badc0de");
  await page.getByRole("button", { name: /^Retry \d+ trials$/ }).click();
  await page.locator("text=6 trials queued again").waitFor();
  await untilHere(() => fake.posts.includes("/api/v1/sweeps/s0badc0de/retry"), "the request");
});

test("seeds are added by the keyboard, and the page says so from then on", async () => {
  await open("s0badc0de");
  await page.getByRole("button", { name: "Add seeds" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "More seeds for every cell?" });
  await dialog.getByRole("spinbutton").fill("3");
  await dialog.getByRole("spinbutton").press("Enter");
  await page.locator("text=36 trials added").waitFor();
  await untilHere(() => fake.posts.includes("/api/v1/sweeps/s0badc0de/add-seeds"), "the request");
  await open("s0badc0de");
  await page.locator("text=3 seeds added to 12 cells later: asked for by a user").waitFor();
});

test("a range of steps stands in the address, is asked of the server, and can be left", async () => {
  const asked = [];
  page.on("request", (request) => request.url().includes("/bands?") && asked.push(new URL(request.url()).searchParams));
  await open();
  const plotted = section("Curves").locator(".u-over");
  await plotted.waitFor();
  await plotted.scrollIntoViewIfNeeded();
  const box = await plotted.boundingBox();
  await page.mouse.move(box.x + 0.25 * box.width, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await until(page, () => new URL(location.href).searchParams.has("from"));
  const { from, to } = Object.fromEntries(new URL(page.url()).searchParams);
  await untilHere(() => asked.some((q) => q.get("from") === from && q.get("to") === to), "the range");
  assert.ok(Math.abs(Number(from) - 50) <= 2 && Math.abs(Number(to) - 100) <= 2, `${from} ${to}`);
  await section("Curves").locator("summary").click();
  // The request is out; its reply takes the place of the whole curves.
  const shown = section("Curves").locator("tbody td:first-child");
  await shown.filter({ hasText: /^0$/ }).first().waitFor({ state: "detached" });
  await shown.filter({ hasText: /^60$/ }).first().waitFor();
  const steps = await shown.allInnerTexts();
  assert.deepEqual([Math.min(...steps), Math.max(...steps)], [60, 100]);
  await section("Curves").getByRole("button", { name: "all steps" }).click();
  await until(page, () => !new URL(location.href).searchParams.has("from"));
});

test("events are listed newest first, filtered and linked", async () => {
  await page.goto(`${fake.url}/events`);
  await page.locator("tbody tr").first().waitFor();
  assert.ok((await page.locator("tbody tr").count()) > 50);
  await page.getByRole("searchbox").fill("worker_lost");
  await until(page, () => document.querySelectorAll("tbody tr").length === 1);
  assert.match(await page.locator("tbody tr").innerText(), /lost\s*WORKER_LOST/);
  await page.locator("tbody a").click();
  await page.locator("h1", { hasText: "aggressive_middle" }).waitFor();
});

test("the log is searched, and what is found has its line", async () => {
  await page.goto(`${fake.url}/trials/${fake.world.get("s51c09e3f").trials[30].id}?log=STEP+21`);
  const log = section("Log");
  await log.locator("text=1 line with “STEP 21”").waitFor();
  assert.equal((await log.locator("pre").innerText()).trim(), "5 step 21 train/loss 4.575");
});

// Every file that the page offers, but those of parameters and attempts, which hold no results.
async function filesOf() {
  const twins = await page.locator("figure details").evaluateAll((all) => all.map((twin) => (twin.open = true)).length);
  await page.locator("figure details button").nth(twins - 1).waitFor();
  const files = await page.getByRole("button", { name: "CSV", exact: true }).evaluateAll((buttons) => {
    const { createObjectURL } = URL, { click } = HTMLAnchorElement.prototype;
    const blobs = [], names = [];
    URL.createObjectURL = (blob) => (blobs.push(blob), "blob:none");
    HTMLAnchorElement.prototype.click = function () { names.push(this.download); };
    buttons.forEach((button) => button.click());
    Object.assign(URL, { createObjectURL });
    Object.assign(HTMLAnchorElement.prototype, { click });
    return Promise.all(blobs.map(async (blob, i) => ({ name: names[i], text: await blob.text() })));
  });
  return files.map(({ name, text }) => ({ name, lines: text.trim().split("\n") })).filter(({ lines }) => !/^(parameter|attempt),/.test(lines[0]));
}

test("every file with results of a reference mode says INVALID in each line", async () => {
  await open("sfeedbeef");
  await section("Verdicts").waitFor();
  await section("Comparison").locator("figure").first().waitFor();
  await section("Curves").locator("canvas").waitFor();
  const sweep = await filesOf();
  await page.locator(".rows [data-row]").first().click();
  await section("Layers").waitFor();
  await section("Curves").locator("canvas").first().waitFor();
  const trial = await filesOf();
  for (const { name, lines } of [...sweep, ...trial]) {
    const [head, ...rows] = lines;
    assert.ok(rows.length > 0, name);
    assert.match(head, /(^|,)valid(,|$)/, name);
    assert.deepEqual(rows.filter((row) => !/(^|,)INVALID(,|$)/.test(row)), [], name);
  }
  // Verdicts, heat map, five plots, the table of accuracies, budget, curves, trials; then three curves, layers with five panels and distances, metrics.
  assert.deepEqual([sweep.length, trial.length], [11, 11]);
  await open();
  await section("Comparison").locator("figure").first().waitFor();
  assert.deepEqual((await filesOf()).filter(({ lines }) => lines.some((line) => line.includes("INVALID"))), []);
});
