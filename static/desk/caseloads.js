// A column, or several, copied from a spreadsheet fills the grid from the box it is pasted into, downwards and to the
// right. Without a script each box is typed; nothing else depends on this.
const grid = document.querySelector(".caseload-grid");

/** The boxes of one row, from the left.
 *  @param {Element} row
 *  @returns {HTMLInputElement[]} */
const boxesOf = (row) => [...row.querySelectorAll("input")];

/** @param {ClipboardEvent} event */
function paste(event) {
  const first = event.target;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  if (!(first instanceof HTMLInputElement) || (lines.length === 1 && !text.includes("\t"))) return;
  const rows = [...(grid?.querySelectorAll("tbody tr") ?? [])];
  const top = rows.findIndex((row) => row.contains(first));
  const left = rows[top] ? boxesOf(rows[top]).indexOf(first) : -1;
  if (left < 0) return;
  event.preventDefault();
  lines.forEach((line, down) => {
    const row = rows[top + down];
    if (row) line.split("\t").forEach((cell, across) => put(boxesOf(row)[left + across], cell.trim()));
  });
}

/** @param {HTMLInputElement | undefined} box
 *  @param {string} value */
function put(box, value) {
  if (box) box.value = value;
}

grid?.addEventListener("paste", (event) => paste(/** @type {ClipboardEvent} */ (event)));
