// A calendar beside each field of a day. The field itself always holds day/month/year, however the browser writes
// dates; without a script it is typed.

/** @param {HTMLInputElement} field */
function addCalendar(field) {
  const picker = document.createElement("input");
  picker.type = "date";
  picker.tabIndex = -1;
  picker.className = "day-picker";
  picker.setAttribute("aria-hidden", "true");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button-secondary day-open";
  button.textContent = field.dataset.day ?? "";
  button.addEventListener("click", () => {
    const [day, month, year] = field.value.trim().split("/");
    picker.value = year ? `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}` : "";
    picker.showPicker();
  });
  picker.addEventListener("change", () => {
    if (!picker.value) return;
    field.value = picker.value.split("-").reverse().join("/");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    button.focus();
  });
  const place = document.createElement("span");
  place.className = "day-field";
  field.replaceWith(place);
  place.append(field, button, picker);
}

/** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[data-day]")).forEach(addCalendar);
