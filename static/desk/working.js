// Says that work is going on once a page takes more than a second to come. Without it nothing is lost: the browser
// shows its own sign, which is easily missed.
const AFTER_MS = 1000;
const AT_MOST_MS = 30_000; // a file that is saved never replaces the page

const place = /** @type {HTMLElement} */ (document.getElementById("at-work"));
/** @type {number[]} */
let timers = [];

function end() {
  timers.forEach(clearTimeout);
  timers = [];
  place.replaceChildren();
}

function say() {
  const bar = document.createElement("progress");
  bar.setAttribute("aria-hidden", "true");
  place.replaceChildren(place.dataset.words ?? "", bar);
}

function begin() {
  end();
  timers = [setTimeout(say, AFTER_MS), setTimeout(end, AT_MOST_MS)];
}

/** Whether a click leads to another page of ours in this window.
 *  @param {MouseEvent} event */
function leaves(event) {
  /** @type {HTMLAnchorElement | null | undefined} */
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
  const elsewhere = link.origin !== location.origin || link.target || link.hasAttribute("download");
  const here = link.pathname === location.pathname && link.search === location.search;
  return !elsewhere && !here;
}

addEventListener("submit", (event) => event.defaultPrevented || begin());
addEventListener("click", (event) => event.defaultPrevented || (leaves(event) && begin()));
addEventListener("pagehide", end);
addEventListener("pageshow", end); // back from the history, as it was left
