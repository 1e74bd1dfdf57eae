// Tables: sortable by each column, the order said to screen readers.

// columns: [{title, number, long}]; rows: lists of cells, each a value, or {text, value, node}.
function table(caption, columns, rows, { sortable = true } = {}) {
  const textOf = (cell) => cell !== null && typeof cell === "object" ? cell.text : brief(cell);
  const valueOf = (cell) => cell !== null && typeof cell === "object" ? cell.value ?? cell.text : cell;
  const body = el("tbody");
  const show = (order) => body.replaceChildren(...order.map((row) => el("tr", {}, ...row.map((cell, i) => {
    const attributes = { class: columns[i].number ? "number" : columns[i].long ? "long" : null };
    if (isNumber(valueOf(cell))) attributes["data-value"] = String(valueOf(cell));
    return el("td", attributes, cell?.node ? cell.node.cloneNode(true) : textOf(cell));
  }))));
  let sorted = -1, direction = 1;
  const compare = (a, b) => {
    const [x, y] = [valueOf(a[sorted]), valueOf(b[sorted])];
    if (isNumber(x) && isNumber(y)) return direction * (x - y);
    if (isNumber(x) !== isNumber(y)) return isNumber(x) ? -1 : 1;
    return direction * String(x).localeCompare(String(y), "en", { numeric: true });
  };
  const titles = columns.map((column, i) => {
    const sort = () => {
      direction = sorted === i ? -direction : 1;
      sorted = i;
      titles.forEach((title, j) => j === i ? title.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending") : title.removeAttribute("aria-sort"));
      show([...rows].sort(compare));
    };
    return el("th", { scope: "col", class: column.number ? "number" : null }, sortable ? el("button", { type: "button", onclick: sort }, column.title) : column.title);
  });
  show(rows);
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, ...titles)), body));
}

const twin = (caption, columns, rows) => el("details", {}, el("summary", {}, "As a table"), table(caption, columns, rows));
const invalidBadge = () => ({ text: "INVALID", node: el("span", { class: "badge" }, "INVALID") });
