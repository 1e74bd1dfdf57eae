// How long a fresh chromium takes to the first contentful paint of a page and until its heat map and curves are there:
// node bench/dashboard_paint.mjs LINK PATH. LINK logs in; each of the five rounds has an empty cache. Needs
// `npm ci --prefix tests/web`. Prints JSON, milliseconds from the start of the navigation.
import { openBrowser, openPage } from "../tests/web/browser.mjs";

const [link, path] = process.argv.slice(2);
const browser = await openBrowser();
const first = await openPage(browser, { forgive: /./ });
await first.goto(link);
const state = await first.context().storageState();

async function round() {
  const context = await browser.newContext({ storageState: state, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(new URL(path, link).href);
  await page.waitForSelector(".heat");
  const heat = await page.evaluate(() => performance.now());
  await page.waitForSelector("canvas");
  const curves = await page.evaluate(() => performance.now());
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  await context.close();
  return { paint, heat, curves };
}

const rounds = [];
for (let i = 0; i < 5; ++i) rounds.push(await round());
const sorted = (name) => rounds.map((r) => Math.round(r[name])).sort((a, b) => a - b);
console.log(JSON.stringify({ first_contentful_paint: sorted("paint"), heat_map: sorted("heat"), curves: sorted("curves") }));
await browser.close();
