// The interval that the page draws is that of the recorded vectors, which the report's is tested against, too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import typescript from "typescript";

const source = readFileSync(new URL("../../web/src/bootstrap.ts", import.meta.url), "utf8");
const { outputText } = typescript.transpileModule(source, { compilerOptions: { module: "esnext", target: "es2022" } });
const { bcaInterval, intervalOf } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
const vectors = JSON.parse(readFileSync(new URL("../golden/stats.json", import.meta.url), "utf8"));

test("intervals are those of the recorded vectors", () => {
  const samples = vectors.samples.filter((s) => s.bca);
  assert.ok(samples.length >= 5);
  for (const { d, bca } of samples) {
    const [low, high] = bcaInterval(d, bca.B, bca.seed);
    assert.ok(Math.abs(low - bca.lo) < 1e-9 && Math.abs(high - bca.hi) < 1e-9, `${low} ${high} ${JSON.stringify(bca)}`);
  }
});

test("two values have no interval, and equal ones none wider than they are", () => {
  assert.equal(intervalOf([1, 2]), null);
  assert.equal(intervalOf([1, Number.NaN, 2]), null);
  assert.deepEqual(intervalOf([0.5, 0.5, 0.5]), [0.5, 0.5]);
});
