// All of it without a mouse.
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
  await page.goto(fake.url);
  await page.locator("[data-row]").first().waitFor();
});
afterEach(() => closePage(page));

const focusedText = () => page.evaluate(() => document.activeElement?.textContent);
const press = async (...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};

test("j and k move over the rows and Enter opens one", async () => {
  await press("j");
  assert.equal(await focusedText(), "demo");
  await press("j", "j", "j");
  assert.equal(await focusedText(), "leak-audit");
  await press("k", "k");
  assert.equal(await focusedText(), "demo");
  await press("Enter");
  await page.locator("h1", { hasText: "demo" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/sweeps/s51c09e3f");
  await press("j", "Enter");
  await page.locator("h1", { hasText: "seed 1" }).waitFor();
  await press("u");
  await page.locator("h1", { hasText: "demo" }).waitFor();
  await press("u");
  await page.locator("h1", { hasText: "Sweeps" }).waitFor();
});

test("/ filters, the filter is in the address, Escape leaves it", async () => {
  await press("/");
  await page.keyboard.type("leak");
  await until(page, () => document.querySelectorAll(".sweep-row").length === 1);
  assert.equal(new URL(page.url()).searchParams.get("filter"), "leak");
  await press("Escape", "j");
  assert.equal(await focusedText(), "leak-audit");
  await page.reload();
  await until(page, () => document.querySelectorAll(".sweep-row").length === 1);
});

test("? opens the help, which names the version, and Escape closes it", async () => {
  await press("?");
  await page.locator("dialog[open]", { hasText: "plasa 0.1.0" }).waitFor();
  for (const key of ["/", "j  k", "?"]) await page.locator("dialog[open] kbd", { hasText: key }).first().waitFor();
  await press("Escape");
  await until(page, () => !document.querySelector("dialog[open]"));
  await press("?", "?");
  await until(page, () => !document.querySelector("dialog[open]"));
});

test("g w and g s go to the pages", async () => {
  await press("g", "w");
  await page.locator("h1", { hasText: "Workers" }).waitFor();
  await press("g", "s");
  await page.locator("h1", { hasText: "Sweeps" }).waitFor();
});

test("t changes the theme, which lasts", async () => {
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  assert.equal(await theme(), "light");
  await press("t");
  assert.equal(await theme(), "dark");
  await page.reload();
  await page.locator("[data-row]").first().waitFor();
  assert.equal(await theme(), "dark");
});

test("back and forward lead through the pages", async () => {
  await press("j", "Enter");
  await page.locator("h1", { hasText: "demo" }).waitFor();
  await page.goBack();
  await page.locator("h1", { hasText: "Sweeps" }).waitFor();
  await page.goForward();
  await page.locator("h1", { hasText: "demo" }).waitFor();
});

test("keys with a modifier are the browser's", async () => {
  await press("Control+j", "Alt+t");
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
});
