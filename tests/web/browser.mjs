// What the tests of the dashboard share: the system's chromium, and pages that remember what must not happen on them.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

export const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const LIMIT_MS = 60_000; // a hang ends the test; nothing is judged by time

export const openBrowser = () =>
  chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });

// A page in a context of its own. `forgive` is a pattern of console errors that belong to the test.
export async function openPage(browser, { width = 1280, height = 900, colorScheme = "light", forgive = /^$/ } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  context.setDefaultTimeout(LIMIT_MS);
  const page = await context.newPage();
  watch(page, forgive);
  return page;
}

const troubles = new WeakMap();

// Remembers errors of the console, of scripts, and requests to any other server than the page's own.
export function watch(page, forgive = /^$/) {
  const seen = [];
  troubles.set(page, seen);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !forgive.test(message.text())) seen.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => seen.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== "blob:" && protocol !== "data:" && host !== new URL(page.url() === "about:blank" ? request.url() : page.url()).host) {
      seen.push(`request to ${request.url()}`);
    }
  });
}

export const assertUntroubled = (page) => assert.deepEqual(troubles.get(page), []);

// Closes the page and its context, and says whether anything was wrong on it.
export async function closePage(page) {
  assertUntroubled(page);
  await page.context().close();
}

// Waits until `check`, run in the page, is true.
export const until = (page, check, argument) => page.waitForFunction(check, argument, { timeout: LIMIT_MS });

// Waits for something outside the page.
export async function untilHere(check, what) {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await check())) {
    assert.ok(Date.now() < deadline, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
