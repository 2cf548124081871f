// Menus made of <details>: Escape and a click elsewhere close them; focus goes back to the button.

for (const menu of document.querySelectorAll("details[data-menu]")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

// Stock search and action forms leave some controls without a name of their own.
for (const select of document.querySelectorAll("select:not([id]):not([aria-label])")) {
  const row = select.closest("td[class*='field-']");
  const heading = row?.closest("table")?.tHead?.rows[0]?.cells[row.cellIndex];
  if (heading) select.setAttribute("aria-label", heading.textContent.trim());
}

// The stock two-list selector labels plain spans; a label needs a role to be heard.
addEventListener("load", () => {
  for (const hint of document.querySelectorAll("span[aria-label]:not([role])")) hint.setAttribute("role", "img");
});
