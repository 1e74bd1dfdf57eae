// What a page costs a fresh chromium: node bench/page_cost.mjs URL SELECTOR [ROUNDS] [LOGIN]. Each round has an empty cache;
// LOGIN is opened first and its cookies are kept. Milliseconds from the start of the navigation to the first contentful
// paint and until SELECTOR is there, bytes that came over the network until then, bytes of the JavaScript heap after a
// collection, and the private memory of the page's process. A page that has no SELECTOR within two minutes (`there` is null)
// is not opened again; what it does not answer within half a minute is null, too. Prints one line of JSON. Needs
// `npm ci --prefix tests/web`.
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

// What a page says, or null where it is too busy to answer.
const answer = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 30_000, null))]);

async function round() {
  const context = await browser.newContext({ storageState, viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  let received = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (received += encodedDataLength));
  await session.send("Network.enable");
  await session.send("Performance.enable");
  await page.goto(url, { waitUntil: "commit" });
  const shown = await page.waitForSelector(selector).catch((error) => error.name !== "TimeoutError" && Promise.reject(error));
  const there = shown ? await page.evaluate(() => performance.now()) : null;
  const paint = await answer(page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null));
  const bytes = received;
  await answer(session.send("HeapProfiler.collectGarbage"));
  const counted = await answer(session.send("Performance.getMetrics"));
  const heap = counted?.metrics.find(({ name }) => name === "JSHeapUsedSize").value ?? null;
  const renderer = rendererBytes();
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  await answer(context.close());
  return { paint, there, bytes, heap, renderer };
}

const seen = [];
do seen.push(await round());
while (seen.length < Number(rounds) && seen.at(-1).there !== null);
const sorted = (name) => seen.map((r) => r[name] && Math.round(r[name])).sort((a, b) => a - b);
console.log(JSON.stringify(Object.fromEntries(["paint", "there", "bytes", "heap", "renderer"].map((name) => [name, sorted(name)]))));
await answer(browser.close());
process.exit();
