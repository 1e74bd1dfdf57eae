// Builds the dashboard into the folder named on the command line: app.js, app.css, index.html, favicon.svg, LICENSES.txt.
// The same input gives the same bytes, so that a test can compare a fresh build with the committed one.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "dist");
mkdirSync(out, { recursive: true });

// uPlot's own minified file goes in as it is, in front: minified again with the rest it would be a kilobyte larger.
const plot = readFileSync(join(here, "node_modules/uplot/dist/uPlot.iife.min.js"), "utf8").replace(/^\/\*.*?\*\/\s*/s, "").trim();
const plotInFront = {
  name: "uplot",
  setup(bundler) {
    bundler.onResolve({ filter: /^uplot$/ }, () => ({ path: "uplot", namespace: "in-front" }));
    bundler.onLoad({ filter: /.*/, namespace: "in-front" }, () => ({ contents: "export default globalThis.uPlot;" }));
  },
};

await build({
  absWorkingDir: here,
  entryPoints: { app: "src/main.tsx" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [plotInFront],
  banner: { js: plot },
  legalComments: "none",
  logLevel: "warning",
});

for (const name of ["index.html", "favicon.svg"]) copyFileSync(join(here, "src", name), join(out, name));

// The bundle carries no comments, so the licences of what is in it stand beside it.
const bundled = ["preact", "@preact/signals", "@preact/signals-core", "uplot"];
const licences = bundled.map((name) => {
  const folder = join(here, "node_modules", name);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `${name} ${version}\n\n${readFileSync(join(folder, "LICENSE"), "utf8").trim()}\n`;
});
writeFileSync(join(out, "LICENSES.txt"), licences.join(`\n${"-".repeat(72)}\n\n`));
