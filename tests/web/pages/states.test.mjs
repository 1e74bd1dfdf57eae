// Pages with nothing to show teach the next command.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { closePage, openBrowser, openPage } from "../browser.mjs";
import { startFake } from "../fake_coordinator.mjs";

const REFUSED = /status of 401/; // the browser's own line about it
let browser, full, empty, refusing;
before(async () => {
  [browser, full, empty, refusing] = await Promise.all([openBrowser(), startFake(), startFake({ empty: true }), startFake({ refuse: true })]);
});
after(async () => {
  await browser.close();
  for (const fake of [full, empty, refusing]) fake.close();
});

// Opens `url` and waits for `title` and the command taught below it.
async function expectTaught(url, title, command, options) {
  const page = await openPage(browser, options);
  await page.goto(url);
  await page.locator("h2", { hasText: title }).waitFor();
  await page.locator(".command code", { hasText: command }).first().waitFor();
  await closePage(page);
}

test("no sweep yet", () => expectTaught(empty.url, "No sweeps yet", "plasactl submit demo"));
test("no worker yet", () => expectTaught(`${empty.url}/workers`, "No worker is connected", "plasactl up"));
test("no entry on the leaderboard yet", () => expectTaught(`${empty.url}/leaderboard`, "No entry yet", "plasactl submit plasa-benchmark"));
test("no such page", () => expectTaught(`${full.url}/nonesuch/x`, "There is no such page", "plasactl list"));
test("not logged in", async () => {
  for (const path of ["/", "/sweeps/s51c09e3f", "/trials/x", "/workers"]) {
    await expectTaught(refusing.url + path, "This browser is not logged in", "plasactl dashboard", { forgive: REFUSED });
  }
});
test("a link that was used", () =>
  expectTaught(`${refusing.url}/login?link=used`, "This link does not work any more", "plasactl dashboard", { forgive: REFUSED }));

test("what is not there is said, with a way on", async () => {
  const page = await openPage(browser, { forgive: /status of 404/ });
  await page.goto(`${full.url}/sweeps/nonesuch`);
  await page.getByRole("alert").filter({ hasText: "There is no such sweep or trial. plasactl list" }).waitFor();
  await closePage(page);
});

test("a filter that fits nothing says so", async () => {
  const page = await openPage(browser);
  await page.goto(`${full.url}/?filter=zzz`);
  await page.locator("text=No sweep matches “zzz”.").waitFor();
  assert.equal(await page.locator(".sweep-row").count(), 0);
  await closePage(page);
});

test("the leaderboard ranks entries with their intervals", async () => {
  const page = await openPage(browser);
  await page.goto(`${full.url}/leaderboard`);
  const rows = page.getByRole("region", { name: "1000 steps of 2 × 128 tokens, kjv" }).getByRole("row");
  await rows.nth(2).waitFor();
  assert.deepEqual(await rows.nth(1).locator("th, td").allInnerTexts(), ["1", "progressive_sparse, lr=0.001", "10", "0.2412", "0.2399", "0.2425", "1.422", "4.146", "0.03100"]);
  assert.equal(await rows.nth(2).locator("td").nth(2).innerText(), "0.2000");
  assert.equal(await rows.nth(2).locator("td").nth(3).innerText(), "–"); // one seed has no interval
  await closePage(page);
});
