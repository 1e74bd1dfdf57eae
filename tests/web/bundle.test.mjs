// The committed bundle is what the sources build, is small, brings its licences, and its sources are well typed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const WEB = fileURLToPath(new URL("../../web", import.meta.url));
const TSC = fileURLToPath(new URL("node_modules/typescript/lib/tsc.js", import.meta.url));
const MOST_BYTES = 60_000;

let copy;
const run = (program, ...parameters) => execFileSync(program, parameters, { cwd: copy, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

before(() => {
  copy = mkdtempSync(join(tmpdir(), "plasa-web-"));
  cpSync(WEB, copy, { recursive: true, filter: (path) => !["node_modules", "dist"].includes(basename(path)) });
  run(process.env.PLASA_NPM ?? "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
});
after(() => rmSync(copy, { recursive: true, force: true }));

test("a fresh build gives the committed bytes", () => {
  run(process.execPath, "build.mjs", join(copy, "dist"));
  const names = readdirSync(join(copy, "dist")).sort();
  assert.deepEqual(readdirSync(join(WEB, "dist")).sort(), names);
  for (const name of names) {
    const same = readFileSync(join(copy, "dist", name)).equals(readFileSync(join(WEB, "dist", name)));
    assert.ok(same, `web/dist/${name} is not what web/src builds: npm ci --prefix web && npm run build --prefix web`);
  }
});

test("the sources are well typed", () => {
  run(process.execPath, TSC, "--noEmit", "-p", "tsconfig.json");
});

test("the whole page is small", () => {
  const sizes = ["index.html", "app.js", "app.css", "favicon.svg"].map((name) => gzipSync(readFileSync(join(WEB, "dist", name)), { level: 9 }).length);
  const total = sizes.reduce((a, b) => a + b, 0);
  assert.ok(total <= MOST_BYTES, `${total} bytes compressed, ${MOST_BYTES} are allowed`);
});

test("the page names nothing of another server", () => {
  const html = readFileSync(join(WEB, "dist/index.html"), "utf8");
  assert.doesNotMatch(html, /https?:/);
  assert.doesNotMatch(html, /<script(?![^>]* src=)/);
  assert.doesNotMatch(readFileSync(join(WEB, "dist/app.css"), "utf8"), /url\(|@import/);
});

test("what is bundled is licensed", () => {
  const text = readFileSync(join(WEB, "dist/LICENSES.txt"), "utf8");
  for (const name of Object.keys(JSON.parse(readFileSync(join(WEB, "package.json"), "utf8")).dependencies)) assert.ok(text.includes(`${name} `), name);
});

test("lock files name no registry", () => {
  for (const file of [join(WEB, "package-lock.json"), fileURLToPath(new URL("package-lock.json", import.meta.url))]) {
    assert.doesNotMatch(readFileSync(file, "utf8"), /"resolved"/);
  }
});
