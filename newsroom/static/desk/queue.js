// What the queue gains with JavaScript: keys, the focus after a decision, one decision a press.

const SETTLE = 300;
const STORED = "desk.shortcuts";
// When the card stood there whole: a script may run long before the rest of a slow page.
let opened = document.readyState === "complete" ? performance.now() : Infinity;
addEventListener("DOMContentLoaded", () => (opened = performance.now()));
const card = document.getElementById("card");
const form = document.querySelector("[data-decide]");
const control = document.querySelector("[data-shortcut-switch]");

// Focus: the redirect after a decision names the card; browsers that only scroll there are helped.
if (location.hash === "#card" && card && document.activeElement === document.body) {
  card.focus({ preventScroll: true });
}
if (form?.querySelector("[role=alert]")) form.querySelector("[role=alert]").focus();

// One decision a press. The button keeps its width while it says that it saves.
let sent = false;
form?.addEventListener("submit", (event) => {
  if (sent) {
    event.preventDefault();
    return;
  }
  sent = true;
  const button = event.submitter;
  const label = button?.querySelector("[data-label]");
  if (!label) return;
  button.setAttribute("aria-busy", "true");
  button.style.width = `${button.offsetWidth}px`;
  button.style.flex = "none";
  label.textContent = form.querySelector("[data-saving]").content.textContent;
});
// Back from the next page: the browser may show this one as it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// Shortcuts: single letters, so they can be turned off (WCAG 2.1.4), and the choice is kept.
const read = () => {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
};
let isOn = read();
const show = () => {
  if (!control) return;
  control.hidden = false;
  control.querySelector("[data-switch]").setAttribute("aria-pressed", String(isOn));
  control.querySelector("[data-on]").hidden = !isOn;
  control.querySelector("[data-off]").hidden = isOn;
  for (const hint of document.querySelectorAll("[data-key]")) hint.hidden = !isOn;
};
control?.querySelector("[data-switch]").addEventListener("click", () => {
  isOn = !isOn;
  try {
    localStorage.setItem(STORED, isOn ? "on" : "off");
  } catch {
    // Private windows may refuse to keep it; it holds for this page.
  }
  show();
});
show();

const press = (verdict) => form?.querySelector(`button[data-verdict="${verdict}"]`);
const reject = () => {
  const button = press("reject");
  if (!button) return;
  if (form.querySelector("[name=reason]:checked")) button.click();
  else form.querySelector("[name=reason]").focus();
};
const sheet = document.querySelector("[data-shortcut-sheet]");
document.querySelector("[data-sheet-open]")?.addEventListener("click", () => sheet?.showModal());
const KEYS = {
  j: () => document.querySelector("[data-next]")?.click(),
  k: () => document.querySelector("[data-previous]")?.click(),
  a: () => press("approve")?.click(),
  s: () => press("spam")?.click(),
  r: reject,
  b: () => document.querySelector("[data-bulk-link]")?.click(),
  u: () => document.querySelector("[data-undo]:not(.is-over) button")?.click(),
};
document.addEventListener("keydown", (event) => {
  if (!isOn || !control || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (sheet?.open) return;
  if (event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]")) return;
  // "?" needs Shift on most keyboards; letters with Shift are no shortcuts, and upper case is not in the table.
  const act = event.key === "?" ? () => sheet?.showModal() : event.shiftKey ? null : KEYS[event.key];
  if (!act || sent) return;
  event.preventDefault();
  // A second press meant for the card before is not a decision on this one.
  if (performance.now() - opened < SETTLE) return;
  act();
});

// The current row is in sight within the rail; the page itself stays where it is.
const rows = document.querySelector(".rail-rows");
const current = rows?.querySelector("[aria-current]")?.parentElement;
if (current) {
  rows.scrollTop = current.offsetTop - rows.clientHeight / 3;
  rows.scrollLeft = current.offsetLeft - 60;
}
