// report.html of a real sweep, opened as a file: what it draws is what results.csv says, and it asks nobody for anything.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { closePage, openBrowser, openPage, until } from "./browser.mjs";

const MAKER = fileURLToPath(new URL("./make_reports.py", import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let folder, browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "plasa-report-"));
  await promisify(execFile)("python3", ["-W", "ignore", MAKER, folder]);
  browser = await openBrowser();
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openReport(name, options = {}) {
  const page = await openPage(browser, options);
  await page.goto(pathToFileURL(join(folder, name, "report.html")).href);
  await until(page, () => document.querySelector("#origin dl") !== null);
  return page;
}

// Rows of results.csv as objects; no field of these sweeps holds a comma or a quote.
function csvRows(name) {
  const [header, ...lines] = readFileSync(join(folder, name, "results.csv"), "utf8").trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((field, i) => [names[i], field])));
}

const drawnIn = (page, panel) => page.$$eval(`[data-panel="${panel}"] .value`, (marks) => marks.map((mark) => ({ ...mark.dataset })));
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const near = (a, b) => assert.ok(Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

test("the values drawn are those of results.csv", async () => {
  const page = await openReport("strict");
  const rows = csvRows("strict");
  const own = (mark) => rows.filter((row) => row.schedule === mark.label && `L = ${row.seq_len}` === mark.place);
  for (const [panel, metric, factor, count] of [["objective", "val/loss", 1, 6], ["accuracy", "val/accuracy", 100, 6], ["longest", "val/loss", 1, 3]]) {
    const marks = await drawnIn(page, panel);
    assert.equal(marks.length, count, panel);
    for (const mark of marks) {
      const values = own(mark).map((row) => Number(row[metric]));
      assert.equal(values.length, 3);
      near(Number(mark.mean), factor * mean(values));
      assert.ok(Number(mark.lo) <= Number(mark.mean) && Number(mark.mean) <= Number(mark.hi));
      assert.ok(Number(mark.lo) >= factor * Math.min(...values) - 1e-9 && Number(mark.hi) <= factor * Math.max(...values) + 1e-9);
    }
  }
  await closePage(page);
});

test("the table holds every number of results.csv", async () => {
  const page = await openReport("strict");
  const rows = csvRows("strict");
  assert.equal(await page.locator("#results tbody tr").count(), rows.length);
  const titles = await page.locator("#results thead th").allTextContents();
  for (const row of rows) {
    const cells = page.locator("#results tbody tr", { hasText: row.trial }).locator("td");
    for (const metric of ["val/loss", "val/accuracy"])
      assert.equal(await cells.nth(titles.indexOf(metric)).getAttribute("data-value"), String(Number(row[metric])));
  }
  await closePage(page);
});

test("a column's title sorts, and the filter narrows", async () => {
  const page = await openReport("strict");
  const losses = async () => (await page.$$eval("#results tbody td[data-value]", (cells) => cells.map((cell) => [cell.cellIndex, Number(cell.dataset.value)])))
    .filter(([column]) => column === at).map(([, value]) => value);
  const at = (await page.locator("#results thead th").allTextContents()).indexOf("val/loss");
  await page.locator("#results thead button").nth(at).focus();
  await page.keyboard.press("Enter");
  const up = await losses();
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  assert.ok(new Set(up).size > 1);
  await page.keyboard.press("Enter");
  assert.deepEqual(await losses(), [...up].reverse());
  await page.locator("#filter").fill("progressive_sparse");
  assert.equal(await page.locator("#results tbody tr").count(), 6);
  await closePage(page);
});

test("labels, seeds and intervals can be taken away and added", async () => {
  const page = await openReport("strict");
  const count = (selector) => page.locator(`[data-panel="objective"] ${selector}`).count();
  assert.equal(await count(".interval"), 6);
  assert.equal(await count(".seed"), 0);
  await page.getByLabel("single seeds").check();
  assert.equal(await count(".seed"), 18);
  await page.getByLabel("95 % intervals over seeds").uncheck();
  assert.equal(await count(".interval"), 0);
  await page.getByLabel("dense_baseline").uncheck();
  assert.equal(await count(".value"), 4);
  await page.getByRole("button", { name: "none" }).click();
  assert.equal(await count(".value"), 0);
  await closePage(page);
});

test("mouse and arrow keys read a value out", async () => {
  const page = await openReport("strict");
  const [first] = await drawnIn(page, "objective");
  await page.locator('[data-panel="objective"] .chart').focus();
  await page.keyboard.press("ArrowRight");
  const told = await page.locator("#reading").textContent();
  assert.ok(told.startsWith(`${first.label}, ${first.place}: ${Number(Number(first.mean).toPrecision(5))}`), told);
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#reading").isHidden());
  await page.locator('[data-panel="accuracy"] .value').first().hover();
  assert.match(await page.locator("#reading").textContent(), /dense_baseline, L = 16: .* %.*\n3 seeds/);
  await closePage(page);
});

test("verdicts come first, as sentences, with their numbers", async () => {
  const page = await openReport("strict");
  assert.equal(await page.locator("main section").first().getAttribute("id"), "claims");
  const judged = JSON.parse(readFileSync(join(folder, "strict", "verdicts.json"), "utf8"));
  const cards = await page.locator("#claims .card").allTextContents();
  assert.equal(cards.length, (judged.claims?.length || judged.verdicts.length));
  const [verdict] = judged.claims?.length ? judged.claims : judged.verdicts;
  assert.ok(cards[0].includes(verdict.verdict), cards[0]);
  await closePage(page);
});

test("claims are shown where verdicts.json has them", async () => {
  const page = await openReport("strict");
  const html = readFileSync(join(folder, "strict", "report.html"), "utf8");
  const data = JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)[1]);
  const claim = { id: "H9", title: "<img src=x onerror=alert(1)>", question: "Is it so?", verdict: "supported", sentence: "It is so.", seq_len: 64, effect: -0.25, interval: [-0.5, -0.125], p_adjusted: 0.01, n: 8, run_more: 0, contrasts: data.judged.verdicts };
  data.judged.claims = [claim];
  await page.route("**/*.html", (route) => route.fulfill({ contentType: "text/html",
    body: html.replace(/(<script type="application\/json" id="data">).*?(<\/script>)/s, (_, open, close) => open + JSON.stringify(data).replaceAll("<", "\\u003c") + close) }));
  await page.reload();
  const card = page.locator('[data-claim="H9"]');
  assert.equal((await card.locator(":scope > *:not(details)").allTextContents()).join("|"),
    "H9: <img src=x onerror=alert(1)>|Is it so?|✓ supported|It is so.|L = 64 · effect -0.25 [-0.5, -0.125] · adjusted p 0.01 · n = 8");
  await card.locator("summary").click();
  assert.match(await card.locator("tbody").textContent(), /progressive_sparse − uniform_sparse/);
  await closePage(page);
});

test("results of reference modes are INVALID wherever they are drawn", async () => {
  const page = await openReport("leaky");
  assert.ok(csvRows("leaky").some((row) => row.valid === "false"));
  assert.match(await page.locator("#invalid").textContent(), /INVALID 1 of 2 results.*ref_leak/);
  for (const panel of ["objective", "accuracy", "time", "longest"]) assert.equal(await page.locator(`[data-panel="${panel}"] .watermark`).count(), 1, panel);
  assert.equal(await page.locator("#results tbody .badge").count(), 1);
  await page.getByLabel("ref_leak=true").uncheck();
  assert.equal(await page.locator('[data-panel="objective"] .watermark').count(), 0);
  await closePage(page);
  const strict = await openReport("strict");
  assert.equal(await strict.locator(".watermark").count(), 0);
  assert.ok(await strict.locator("#invalid").isHidden());
  await closePage(strict);
});

test("hostile names and parameters stay text", async () => {
  const page = await openReport("hostile");
  const name = '</script><script>document.title="taken"</script><b>{{data}}&amp;';
  assert.equal(await page.locator("#name").textContent(), name);
  assert.equal(await page.title(), name);
  assert.equal(await page.locator("#name b, #results b, img").count(), 0);
  assert.match(await page.locator("#results tbody").textContent(), /<img src=x onerror=alert\(1\)>/);
  await closePage(page);
});

for (const [width, colorScheme] of [[360, "light"], [360, "dark"], [1600, "light"], [1600, "dark"]]) {
  test(`nothing of axe's, nothing cut off: ${width} px, ${colorScheme}`, async () => {
    for (const name of ["strict", "leaky"]) {
      const page = await openReport(name, { width, colorScheme });
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), colorScheme);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page scrolls sideways");
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
      await page.evaluate(AXE);
      const found = await page.evaluate(async () => (await axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" ")}`));
      assert.deepEqual(found, []);
      await closePage(page);
    }
  });
}
