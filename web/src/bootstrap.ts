// The 95 % interval of a mean as the report computes it: bias-corrected and accelerated bootstrap over the same draws
// (analysis/estimate.h), so that page and report show the same numbers.

const RESAMPLES = 10_000;
const LEVEL = 0.95;
const BOOTSTRAP = 11; // what the stream of words is for (common/base/philox.h)
const KEPT = 2000; // intervals remembered: a page draws the same cells again and again

// The upper half of the 64-bit product.
const high = (a: number, b: number) => Math.floor(((a >>> 16) * b + Math.floor(((a & 0xffff) * b) / 65536)) / 65536);

// One block of Philox4x32-10 of resample `b` under the seed's key.
function block(index: number, b: number, seed: number): number[] {
  let c = [index, 0, b, BOOTSTRAP] as [number, number, number, number];
  let [k0, k1] = [seed >>> 0, 0];
  for (let round = 0; round < 10; ++round) {
    c = [
      (high(0xcd9e8d57, c[2]) ^ c[1] ^ k0) >>> 0, Math.imul(0xcd9e8d57, c[2]) >>> 0,
      (high(0xd2511f53, c[0]) ^ c[3] ^ k1) >>> 0, Math.imul(0xd2511f53, c[0]) >>> 0,
    ];
    [k0, k1] = [(k0 + 0x9e3779b9) >>> 0, (k1 + 0xbb67ae85) >>> 0];
  }
  return c;
}

// Which of n values each resample takes; the same for all samples of one size.
function drawIndices(n: number, resamples: number, seed: number): Uint16Array {
  const indices = new Uint16Array(resamples * n);
  for (let b = 0, at = 0; b < resamples; ++b) {
    for (let i = 0; i < n; i += 4) {
      for (const word of block(i / 4, b, seed).slice(0, n - i)) indices[at++] = Math.floor((word * n) / 2 ** 32);
    }
  }
  return indices;
}

const density = (x: number) => Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);

// The normal distribution function, by its series about 0.
function cumulative(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let [sum, term] = [x, x];
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) sum += term *= (x * x) / k;
  return 0.5 + density(x) * sum;
}

// Its inverse, by Newton's method from 0, which approaches the root from one side.
function quantile(p: number): number {
  let x = 0;
  for (let i = 0; i < 60; ++i) x += (p - cumulative(x)) / density(x);
  return x;
}

function sortedQuantile(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q;
  const i = Math.min(Math.floor(at), sorted.length - 2);
  const [a, b] = [sorted[i] as number, sorted[i + 1] as number];
  return a + (at - i) * (b - a);
}

const total = (values: number[]) => values.reduce((a, b) => a + b, 0);

// Skewness of the leave-one-out means.
function acceleration(values: number[]): number {
  const sum = total(values);
  const jackknife = values.map((v) => (sum - v) / (values.length - 1));
  const center = total(jackknife) / jackknife.length;
  const u = jackknife.map((v) => center - v);
  const scale = 6 * total(u.map((v) => v * v)) ** 1.5;
  return scale > 0 ? total(u.map((v) => v ** 3)) / scale : 0;
}

export type Interval = [low: number, high: number];

const drawn = new Map<number, Uint16Array>();
function standardDraw(n: number): Uint16Array {
  const indices = drawn.get(n) ?? drawIndices(n, RESAMPLES, 0);
  drawn.set(n, indices);
  return indices;
}

// Fewer than three values, or one that is not finite, have no interval.
export function bcaInterval(values: number[], resamples = RESAMPLES, seed = 0): Interval | null {
  const n = values.length;
  if (n < 3 || !values.every(Number.isFinite)) return null;
  if (values.every((v) => v === values[0])) return [values[0] as number, values[0] as number];
  const indices = resamples === RESAMPLES && seed === 0 ? standardDraw(n) : drawIndices(n, resamples, seed);
  const mean = total(values) / n;
  const tolerance = 1e-12 * Math.max(...values.map(Math.abs));
  const means = new Float64Array(resamples);
  let below = 0;
  for (let b = 0, at = 0; b < resamples; ++b) {
    let sum = 0;
    for (let i = 0; i < n; ++i) sum += values[indices[at++] as number] as number;
    const m = sum / n;
    means[b] = m;
    below += Math.abs(m - mean) <= tolerance ? 0.5 : m < mean ? 1 : 0;
  }
  means.sort();
  const z0 = quantile(Math.min(resamples / (resamples + 1), Math.max(1 / (resamples + 1), below / resamples)));
  const a = acceleration(values);
  const bound = (tail: number) => {
    const z = z0 + quantile(tail);
    return sortedQuantile(means, cumulative(z0 + z / (1 - a * z)));
  };
  return [bound((1 - LEVEL) / 2), bound((1 + LEVEL) / 2)];
}

const remembered = new Map<string, Interval | null>();

// bcaInterval, computed once for the same values.
export function intervalOf(values: number[]): Interval | null {
  const key = values.join();
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= KEPT) remembered.clear();
  const interval = bcaInterval(values);
  remembered.set(key, interval);
  return interval;
}
