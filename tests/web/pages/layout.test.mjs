// Every page, wide and narrow, light and dark: nothing sticks out, nothing complains, nothing leaves the machine.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { closePage, openBrowser, openPage, until } from "../browser.mjs";
import { startFake } from "../fake_coordinator.mjs";

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
  "a running sweep": () => "/sweeps/s51c09e3f",
  "a failed sweep with a hostile name": () => "/sweeps/s0badc0de",
  "a sweep of a reference mode": () => "/sweeps/sfeedbeef",
  "a finished trial": () => `/trials/${trialOf("s51c09e3f", 30)}?sweep=s51c09e3f`,
  "a queued trial": () => `/trials/${trialOf("s51c09e3f", 50)}`,
  "an invalid trial": () => `/trials/${trialOf("sfeedbeef", 0)}`,
  "a failed trial": () => `/trials/${trialOf("s0badc0de", 1)}`,
  workers: () => "/workers",
  leaderboard: () => "/leaderboard",
  "no such page": () => "/nonesuch",
};

for (const width of [1280, 360]) {
  for (const colorScheme of ["light", "dark"]) {
    describe(`${width} px, ${colorScheme}`, () => {
      let page;
      before(async () => {
        page = await openPage(browser, { width, colorScheme });
      });
      after(() => closePage(page));

      for (const [name, path] of Object.entries(PAGES)) {
        test(name, async () => {
          await page.goto(fake.url + path());
          await until(page, () => document.querySelector("main h1, main h2") && !document.querySelector(".loading"));
          assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), colorScheme);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
          assert.equal(await page.evaluate(() => document.querySelectorAll("img, iframe, script:not([src])").length), 0);
          assert.doesNotMatch(await page.title(), /owned/);
        });
      }
    });
  }
}

test("text that is markup stays text", async () => {
  const page = await openPage(browser);
  await page.goto(`${fake.url}/trials/${trialOf("s0badc0de", 1)}`);
  const hostile = `<img src=x onerror="document.title='owned'">`;
  for (const place of [".explain", "pre.log", ".notes"]) await page.locator(place, { hasText: hostile }).waitFor();
  await page.goto(`${fake.url}/workers`);
  await page.locator("h2", { hasText: hostile }).waitFor();
  assert.equal(await page.title(), "Workers · plasa");
  await closePage(page);
});
