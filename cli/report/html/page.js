// Puts the page together.
const THEMES = ["auto", "light", "dark"];
const system = matchMedia("(prefers-color-scheme: dark)");
let theme = "auto";

function paint() {
  const dark = theme === "dark" || (theme === "auto" && system.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  const button = document.getElementById("theme");
  button.textContent = `Colours: ${theme}`;
}

document.getElementById("theme").addEventListener("click", () => {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  paint();
});
system.addEventListener("change", paint);
addEventListener("scroll", () => { reading.hidden = true; }, { passive: true });

function showHead() {
  const succeeded = data.rows.filter((row) => row.state === "succeeded");
  const invalid = succeeded.filter((row) => !row.valid);
  const pruned = data.rows.filter((row) => row.state === "pruned").length;
  document.getElementById("name").textContent = data.name;
  document.getElementById("summary").textContent =
    `${succeeded.length} of ${data.rows.length} trials succeeded${pruned > 0 ? ` · ${pruned} pruned: plots and verdicts leave them out, comparisons with their cells are not testable` : ""} · objective ${data.objective}, ${data.minimize ? "smaller" : "larger"} is better`;
  document.getElementById("seeds").hidden = data.seeds.length === 0;
  document.getElementById("seeds").textContent = data.seeds.join(" ");
  if (invalid.length === 0) return;
  const reasons = [...new Set(invalid.flatMap((row) => row.invalid_reasons))].sort();
  const banner = document.getElementById("invalid");
  banner.hidden = false;
  banner.append(el("span", { class: "badge" }, "INVALID"), ` ${invalid.length} of ${succeeded.length} results are no evidence for any claim (${reasons.join(", ")}). They enter no verdict.`);
}

paint();
showHead();
showClaims();
showPlots();
showResults();
showLayers();
showAudits();
showOrigin();
redraw();
