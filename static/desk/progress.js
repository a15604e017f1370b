// Shows how far work behind the page is, and opens what came of it. Without a script the link shows it again.
const EVERY_MS = 1500;
const shown = /** @type {HTMLElement} */ (document.getElementById("work-progress"));
const bar = /** @type {HTMLProgressElement} */ (shown.querySelector("progress"));
const words = /** @type {HTMLElement} */ (shown.querySelector("p"));
const number = new Intl.NumberFormat(document.documentElement.lang);

async function look() {
  const answer = await fetch(shown.dataset.source ?? "", { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    /** @type {{ runs: boolean, stage: string, done: number, total: number | null }} */
    const told = await answer.json();
    if (!told.runs) {
      location.reload();
      return;
    }
    if (told.total) {
      bar.max = told.total;
      bar.value = told.done;
      words.textContent = `${told.stage}: ${number.format(told.done)} / ${number.format(told.total)}`;
    }
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
