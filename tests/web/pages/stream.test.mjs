// Changes arrive by one stream a browser, through restarts and lost connections, without a reload of the page.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { assertUntroubled, closePage, LIMIT_MS, openBrowser, openPage, until, untilHere, watch } from "../browser.mjs";
import { startFake } from "../fake_coordinator.mjs";

const LOST = /net::ERR|status of/; // the browser's own lines about a server that is gone
let browser, fake, page;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());
beforeEach(async () => {
  fake = await startFake();
  page = await openPage(browser, { forgive: LOST });
});
afterEach(async () => {
  await closePage(page);
  fake.close();
});

const SWEEP = "s51c09e3f";
const change = (more) => ({ sweeps: [], trials: [], workers: false, ...more });

async function open(path) {
  await page.goto(fake.url + path);
  await page.evaluate(() => (window.sameDocument = true));
  await untilHere(() => fake.streams() > 0, "a stream");
}
const assertNotReloaded = async () => assert.equal(await page.evaluate(() => window.sameDocument), true);

test("a sweep that changes is drawn again", async () => {
  await open(`/sweeps/${SWEEP}`);
  await page.locator("td", { hasText: "queued" }).first().waitFor();
  const { sweep, trials } = fake.world.get(SWEEP);
  Object.assign(trials[50], { state: "running", step: 77 });
  ++sweep.counts.running;
  fake.emit("change", change({ sweeps: [SWEEP], trials: [trials[50].id] }));
  await page.locator("tr", { hasText: trials[50].id.slice(0, 8) }).filter({ hasText: "77 / 200" }).waitFor();
  await assertNotReloaded();
});

test("a page that opens loads each of its parts once", async () => {
  await page.clock.install();
  await open(`/sweeps/${SWEEP}`);
  for (const part of [".heat", ".verdict", "figure canvas, figure svg"]) await page.locator(part).first().waitFor();
  await page.clock.runFor(10_000); // no part is loaded twice within half a second
  await page.evaluate(() => fetch("/api/v1/info"));
  assert.ok(fake.gets.includes("/api/v1/info") && fake.gets.length > 4, fake.gets.join(" "));
  assert.deepEqual(fake.gets, [...new Set(fake.gets)]);
});

test("points move the curve of a trial", async () => {
  const trial = fake.world.get(SWEEP).trials[34];
  await open(`/trials/${trial.id}`);
  await page.locator(".legend", { hasText: "train/loss" }).waitFor();
  await page.locator("figure", { hasText: "train/loss" }).locator("summary").click();
  trial.step = 190;
  fake.emit("points", { trial: trial.id, sweep: SWEEP, points: [["train/loss", 190, 1.9]] });
  await page.locator("figure tr", { hasText: /^190/ }).first().waitFor();
  await page.locator("text=step 190 of 200").waitFor();
  await assertNotReloaded();
});

test("changes of others load nothing", async () => {
  await open(`/sweeps/${SWEEP}`);
  await page.locator(".heat").waitFor();
  const loads = [];
  page.on("request", (request) => loads.push(new URL(request.url()).pathname));
  fake.emit("change", change({ sweeps: ["another"], workers: true }));
  fake.emit("change", change({ sweeps: [SWEEP] }));
  await untilHere(() => loads.includes(`/api/v1/sweeps/${SWEEP}`), "the sweep's own load");
  assert.ok(!loads.includes("/api/v1/sweeps") && !loads.includes("/api/v1/workers"), loads.join(" "));
});

test("a stream that is cut is opened again, and what was missed is loaded", async () => {
  await open("/");
  await page.locator(".live.up").waitFor();
  fake.world.get(SWEEP).sweep.name = "renamed";
  fake.touch();
  fake.dropStreams();
  await page.locator(".sweep-row", { hasText: "renamed" }).waitFor();
  await page.locator(".live.up").waitFor();
  await assertNotReloaded();
});

test("`reset` loads everything again", async () => {
  await open("/");
  fake.world.get(SWEEP).sweep.name = "after a reset";
  fake.emit("reset", {});
  await page.locator(".sweep-row", { hasText: "after a reset" }).waitFor();
});

test("a coordinator that is away is named, and the page comes back by itself", async () => {
  await open("/");
  await page.locator(".live.up").waitFor();
  const port = Number(new URL(fake.url).port);
  await fake.close();
  await page.locator(".live.down").waitFor();
  fake = await startFake({ port });
  await page.locator(".live.up").waitFor({ timeout: LIMIT_MS });
  await page.locator(".sweep-row", { hasText: "demo" }).waitFor();
  await until(page, () => !document.querySelector("[role=alert]"));
  await assertNotReloaded();
});

test("two tabs share one stream, and the second goes on when the first is closed", async () => {
  await open("/");
  const second = await page.context().newPage();
  watch(second, LOST);
  await second.goto(fake.url);
  await second.locator(".sweep-row").first().waitFor();
  fake.world.get(SWEEP).sweep.name = "seen by both";
  fake.emit("change", change({ sweeps: [SWEEP] }));
  for (const tab of [page, second]) await tab.locator(".sweep-row", { hasText: "seen by both" }).waitFor();
  assert.equal(fake.streams(), 1);

  fake.world.get(SWEEP).sweep.name = "seen by the second";
  fake.touch();
  await page.close();
  await second.locator(".sweep-row", { hasText: "seen by the second" }).waitFor();
  await untilHere(() => fake.streams() === 1, "one stream");
  assertUntroubled(page);
  page = second;
});
