// Typing paper forms: a digit answers and moves on, Enter moves on and at the end saves, "-" leaves a question alone.
// Without it the same form is filled with Tab and the button.
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("paper-form"));

/** The boxes that are asked, in order. @returns {HTMLInputElement[]} */
function boxes() {
  const all = /** @type {HTMLInputElement[]} */ ([...(form?.querySelectorAll("input[data-kind]") ?? [])]);
  return all.filter((box) => !box.closest("[hidden]"));
}

/** Follow-ups are asked after certain answers only. */
function showAsked() {
  for (const place of /** @type {HTMLElement[]} */ ([...(form?.querySelectorAll("[data-asked-by]") ?? [])])) {
    const asking = /** @type {HTMLInputElement | null} */ (document.getElementById(place.dataset.askedBy ?? ""));
    place.hidden = !(place.dataset.askedIf ?? "").split(" ").includes(asking?.value.trim() ?? "");
  }
}

/** @param {HTMLInputElement} box */
function next(box) {
  const list = boxes();
  const after = list[list.indexOf(box) + 1];
  if (after) {
    after.focus();
    after.select();
  } else document.getElementById("form-save")?.focus();
}

/** Whether check digits (ISO 7064, MOD 97-10) say that a number is one. @param {string} text */
function isNumber(text) {
  const digits = text.replaceAll(/[\s.-]/gu, "");
  return /^\d{9,12}$/u.test(digits) && Number(digits) % 97 === 1;
}

/** @param {HTMLInputElement} box */
function mayLeave(box) {
  const wrong = box.dataset.kind === "form-number" && !isNumber(box.value) ? (form?.dataset.wrongNumber ?? "?") : "";
  box.setCustomValidity(wrong);
  return !wrong || (box.reportValidity(), false);
}

/** A box that the program moved to by itself: the Enter of a habit does not skip it. @type {EventTarget | null} */
let arrivedAt = null;

/** A second Enter while the form is on its way sends nothing. */
let isSent = false;

/** @param {Event} event */
function onInput(event) {
  const box = /** @type {HTMLInputElement} */ (event.target);
  arrivedAt = null;
  box.setCustomValidity("");
  showAsked();
  const answer = box.value.trim();
  const values = (box.dataset.values ?? "").split(" ");
  const isWhole = values.includes(answer) && !values.some((one) => one !== answer && one.startsWith(answer));
  if (box.dataset.kind === "one" && (isWhole || answer === "-")) {
    next(box);
    arrivedAt = document.activeElement;
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const box = /** @type {HTMLInputElement} */ (event.target);
  if (!box.dataset.kind) return;
  if (event.key === "Enter") {
    event.preventDefault();
    const habit = arrivedAt === box && !box.value;
    arrivedAt = null;
    if (!habit && mayLeave(box)) next(box);
    if (!habit && boxes().at(-1) === box && mayLeave(box)) form?.requestSubmit();
  } else if (event.key === "Backspace" && !box.value) {
    event.preventDefault();
    const list = boxes();
    list[list.indexOf(box) - 1]?.focus();
  }
}

if (form) {
  form.addEventListener("input", onInput);
  form.addEventListener("keydown", onKey);
  form.addEventListener("submit", (event) => {
    const number = boxes()[0];
    if (isSent || (number && !mayLeave(number))) event.preventDefault();
    else isSent = true;
  });
  showAsked();
  const wrong = /** @type {HTMLInputElement | null} */ (form.querySelector("[aria-invalid]"));
  (wrong ?? boxes()[0])?.focus();
}
