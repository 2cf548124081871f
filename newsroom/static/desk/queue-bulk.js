// What the list gains with JavaScript: numbers on the buttons, one box for all, ranges with Shift, one press.

const form = document.querySelector("[data-bulk]");
const boxes = form ? [...form.querySelectorAll('input[name="row"]')] : [];
const all = form?.querySelector("[data-all]");

const count = () => {
  const number = boxes.filter((box) => box.checked).length;
  for (const place of form.querySelectorAll("[data-number]")) place.textContent = String(number);
  all.checked = number === boxes.length;
  all.indeterminate = number > 0 && number < boxes.length;
};

if (form) {
  form.querySelector("[data-all-label]").hidden = false;
  for (const place of form.querySelectorAll("[data-needs-script]")) place.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  let last = -1;
  form.addEventListener("click", (event) => {
    const here = boxes.indexOf(event.target);
    if (here < 0) return;
    if (event.shiftKey && last >= 0) {
      for (const box of boxes.slice(Math.min(last, here), Math.max(last, here) + 1)) box.checked = boxes[here].checked;
    }
    last = here;
    count();
  });
  form.addEventListener("change", count);
  count();
  // The browser may have kept ticks over a reload.
  addEventListener("pageshow", count);

  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    const label = event.submitter?.querySelector("[data-label]");
    if (!label) return;
    event.submitter.setAttribute("aria-busy", "true");
    label.textContent = form.querySelector("[data-saving]").content.textContent;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
