// On a phone a table's rows stand as blocks, each cell beside its column's name: nothing lies beyond the edge. The
// style sheet does it by the width of the window; here each cell learns its column's name, unless the page says it.
// Without a script, and where cells span rows or headings have two lines, the table scrolls sideways.

/** Whether each cell stands below one heading of its own.
 *  @param {HTMLTableElement} table */
function isPlain(table) {
  const heads = table.tHead?.rows;
  if (heads?.length !== 1 || table.matches(".strip-table, .bars, .years-table") || table.querySelector("[rowspan]")) return false;
  return [...(heads[0]?.cells ?? [])].every((cell) => cell.colSpan === 1);
}

/** Display other than a table's takes its roles away from who hears the page.
 *  @param {HTMLTableElement} table */
function sayRoles(table) {
  table.setAttribute("role", "table");
  for (const group of table.querySelectorAll("thead, tbody, tfoot")) group.setAttribute("role", "rowgroup");
  for (const row of table.rows) row.setAttribute("role", "row");
  for (const cell of table.querySelectorAll("td")) cell.setAttribute("role", "cell");
  for (const head of table.querySelectorAll("th")) {
    head.setAttribute("role", head.scope.startsWith("row") ? "rowheader" : "columnheader");
  }
}

/** @param {HTMLTableRowElement} row
 *  @param {string[]} names of the columns */
function nameCells(row, names) {
  let column = 0;
  for (const cell of row.cells) {
    const words = document.createElement("div");
    words.append(...cell.childNodes);
    cell.append(words);
    cell.dataset.column = cell.colSpan === 1 ? (names[column] ?? "") : "";
    cell.classList.toggle("nothing", cell.tagName === "TD" && !words.textContent?.trim() && !words.childElementCount);
    column += cell.colSpan;
  }
}

/** @param {HTMLTableElement} table */
function nameAll(table) {
  const names = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) =>
    head.matches(".strip-cell") ? "" : (head.textContent?.trim() ?? ""),
  );
  for (const row of table.querySelectorAll("tr")) if (row.parentElement !== table.tHead) nameCells(row, names);
}

/** @param {HTMLTableElement} table */
function stack(table) {
  const named = table.querySelector("td[data-column]") !== null;
  if (!named && !isPlain(table)) return;
  if (!named) nameAll(table);
  sayRoles(table);
  table.classList.add("stacked");
}

/** @type {NodeListOf<HTMLTableElement>} */ (document.querySelectorAll(".table-scroll > table")).forEach(stack);
