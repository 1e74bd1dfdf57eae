// Building blocks. Text always goes in as text: names and parameters are the user's.
const data = JSON.parse(document.getElementById("data").textContent);

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") node.style.cssText = value; // the page's policy forbids the attribute
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}
const el = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
const svg = (name, attributes = {}, ...children) => fill(document.createElementNS(SVG, name), attributes, children);
const bodyOf = (id) => document.querySelector(`#${id} .body`);

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

// A number for people; the whole number is in tables and in results.csv.
function brief(value) {
  if (!isNumber(value)) return value === null || value === undefined ? "–" : String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 ? String(Number(value.toPrecision(5))) : value.toExponential(3);
}

const hasInterval = (estimate) => estimate.n >= 3;
const intervalText = (estimate) => hasInterval(estimate) ? ` [${brief(estimate.lo)}, ${brief(estimate.hi)}]` : "";
const estimateText = (estimate) => estimate ? `${brief(estimate.mean)}${intervalText(estimate)}` : "–";
const lengthText = (length) => length > 0 ? String(length) : "any";

const cellOf = (label, length) => data.cells.find((cell) => cell.label === label && cell.seq_len === length);

// Marks: eight shapes and eight colours, so that neither alone has to tell labels apart.
const SHAPES = [
  "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0", "M-4.5,-4.5h9v9h-9z", "M0,-6l5.5,10h-11z", "M0,6l5.5,-10h-11z",
  "M0,-6l6,6l-6,6l-6,-6z", "M0,-6l5.7,4.1l-2.2,6.7h-7l-2.2,-6.7z", "M-6,-2h4v-4h4v4h4v4h-4v4h-4v-4h-4z", "M-5,-3l3,-3l2,2l2,-2l3,3l-2,3l2,3l-3,3l-2,-2l-2,2l-3,-3l2,-3z",
];
const colorOf = (label) => `var(--c${data.labels.indexOf(label) % 8})`;
const shapeOf = (label) => SHAPES[data.labels.indexOf(label) % SHAPES.length];
const dashOf = (label) => ["", "7 4", "2 4", "10 3 2 3"][Math.floor(data.labels.indexOf(label) / 8) % 4];
const mark = (label, x, y, attributes = {}) =>
  svg("path", { d: shapeOf(label), transform: `translate(${x},${y})`, style: `fill:${colorOf(label)}`, ...attributes });
