// The dashboard of a real coordinator with a real worker and trainer: from the one-time link to a finished sweep.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { assertUntroubled, closePage, openBrowser, openPage, until } from "./browser.mjs";

const BIN = process.env.PLASA_BIN ?? fileURLToPath(new URL("../../build/release/bin", import.meta.url));
const PLASACTL = join(BIN, "plasactl");
const LONG_MS = 240_000; // the trainer shares its machine with other tests

const STEPS = 40;
const TINY = `name: live
method: grid
metric: {name: val/loss, goal: minimize}
parameters:
  preset:           {value: demo}
  steps:            {value: ${STEPS}}
  eval_every:       {value: 10}
  eval_max_targets: {value: 256}
  batch_size:       {value: 1}
  equal_tokens:     {value: false}
  seq_len:          {value: 32}
  schedule:         {values: [dense_baseline, progressive_sparse]}
plasa:
  data: {corpus: kjv}
`;

let folder, up, service, browser, page;

const plasactl = async (...parameters) =>
  (await promisify(execFile)(PLASACTL, parameters, { env: { ...process.env, PLASA_STATE: join(folder, "state"), NO_COLOR: "1" } })).stdout;

// `plasactl up`, as far as its one line that says where everything is.
async function start() {
  up = spawn(PLASACTL, ["up", "--state", join(folder, "state"), "--slots", "1", "--listen", "127.0.0.1:0:0", "-o", "json"],
    { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: up.stdout })) return JSON.parse(line);
  throw new Error("plasactl up ended without a word");
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "plasa-live-"));
  service = await start();
  browser = await openBrowser();
  page = await openPage(browser);
});
after(async () => {
  await browser?.close();
  if (up?.exitCode === null) {
    const ended = new Promise((resolve) => up.once("exit", resolve));
    up.kill("SIGTERM");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

const markDocument = () => page.evaluate(() => (window.sameDocument = true));
const assertNotReloaded = async () => assert.equal(await page.evaluate(() => window.sameDocument), true);
// Whether the page says that the trial reached `step`.
const reached = (step) => Number(/step (\d+)/.exec(document.querySelector(".summary p.num")?.textContent ?? "")?.[1] ?? -1) >= step;

test("a stranger is told how to get in", async () => {
  const stranger = await openPage(browser, { forgive: /status of 401/ });
  await stranger.goto(service.http);
  await stranger.locator("h2", { hasText: "This browser is not logged in" }).waitFor();
  await closePage(stranger);
});

test("the one-time link logs in, once", async () => {
  const link = (await plasactl("dashboard", "-q")).trim();
  assert.ok(link.startsWith(service.http), link);
  await page.goto(link);
  await page.locator("h2", { hasText: "No sweeps yet" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/");
  const [cookie] = await page.context().cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, "Strict"]);

  const stranger = await openPage(browser, { forgive: /status of 401/ });
  assert.equal((await stranger.goto(link)).status(), 401);
  await stranger.locator("h2", { hasText: "This link does not work any more" }).waitFor();
  await closePage(stranger);
});

test("workers are there, with a free slot", async () => {
  await page.goto(`${service.http}/workers`);
  await page.locator("text=0 of 1 slot busy").waitFor();
  await page.locator("td", { hasText: "cpu" }).first().waitFor();
});

test("a sweep that is submitted appears by itself", async () => {
  await page.goto(service.http);
  await page.locator(".live.up").waitFor();
  await markDocument();
  const file = join(folder, "live.yaml");
  writeFileSync(file, TINY);
  await plasactl("submit", file);
  await page.locator(".sweep-row", { hasText: "live" }).waitFor();
  await assertNotReloaded();
});

test("its trial's curve, steps and layers move while it runs", async () => {
  await page.locator(".sweep-row a", { hasText: "live" }).click();
  await page.locator(".rows [data-row]").first().click();
  await page.locator("h1", { hasText: "seed 1" }).waitFor();
  await page.waitForFunction(reached, 1, { timeout: LONG_MS });
  await page.locator("canvas").first().waitFor({ timeout: LONG_MS });
  await page.waitForFunction(reached, STEPS, { timeout: LONG_MS });
  await page.locator('section[aria-label="Layers"] tbody tr').first().waitFor({ timeout: LONG_MS });
  await page.locator('section[aria-label="Audits"] tbody tr').first().waitFor();
  await page.locator("pre.log").waitFor();
  await assertNotReloaded();
});

test("the sweep ends, with its figures in the heat map", async () => {
  await page.locator(".crumbs a").last().click();
  await page.waitForFunction(() => document.querySelectorAll(".heat td b").length === 2, undefined, { timeout: LONG_MS });
  await page.locator(".page-head .state", { hasText: "succeeded" }).waitFor({ timeout: LONG_MS });
  assert.equal(await page.locator("text=INVALID").count(), 0);
  await assertNotReloaded();
});

test("nothing was wrong on any of these pages", async () => {
  await until(page, () => document.querySelector("main"));
  assertUntroubled(page);
});
