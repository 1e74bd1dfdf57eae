// What a page costs a fresh chromium: node bench/page_cost.mjs URL SELECTOR [ROUNDS] [LOGIN]. Each round has an empty cache;
// LOGIN is opened first and its cookies are kept. Milliseconds from the start of the navigation to the first contentful
// paint and until SELECTOR is there, bytes that came over the network until then, bytes of the JavaScript heap after a
// collection, and the private memory of the page's process. Prints one line of JSON. Needs `npm ci --prefix tests/web`.
import { readFileSync, readdirSync } from "node:fs";
import { openBrowser } from "../tests/web/browser.mjs";

const [url, selector, rounds = "5", login] = process.argv.slice(2);
const browser = await openBrowser();

async function cookies() {
  if (!login) return undefined;
  const context = await browser.newContext();
  await (await context.newPage()).goto(login);
  const state = await context.storageState();
  await context.close();
  return state;
}
const storageState = await cookies();

const statusOf = (pid, name) => Number(readFileSync(`/proc/${pid}/${name}`, "utf8").match(/^Private_Dirty:\s+(\d+)/m)?.[1] ?? 0);

// Private bytes of the largest renderer that runs: the one of the page.
function rendererBytes() {
  const sizes = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer") ? 1024 * statusOf(pid, "smaps_rollup") : 0;
    } catch {
      return 0; // it has ended, or is somebody else's
    }
  });
  return Math.max(...sizes);
}

async function round() {
  const context = await browser.newContext({ storageState, viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(300_000);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  let received = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (received += encodedDataLength));
  await session.send("Network.enable");
  await session.send("Performance.enable");
  await page.goto(url, { waitUntil: "commit" });
  await page.waitForSelector(selector);
  const there = await page.evaluate(() => performance.now());
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null);
  const bytes = received;
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const heap = metrics.find(({ name }) => name === "JSHeapUsedSize").value;
  const renderer = rendererBytes();
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  await context.close();
  return { paint, there, bytes, heap, renderer };
}

const seen = [];
for (let i = 0; i < Number(rounds); ++i) seen.push(await round());
const sorted = (name) => seen.map((r) => Math.round(r[name])).sort((a, b) => a - b);
console.log(JSON.stringify(Object.fromEntries(["paint", "there", "bytes", "heap", "renderer"].map((name) => [name, sorted(name)]))));
await browser.close();
