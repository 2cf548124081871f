// The switch between the system's colour scheme, the light and the dark one. Without this module there is no switch and
// the system decides. The choice stays in this browser; nothing is sent.

const ORDER = ["system", "light", "dark"];
const root = document.documentElement;

function stored() {
  try {
    return localStorage.getItem("scheme");
  } catch {
    return null; // Storage is switched off: the choice lasts as long as the page.
  }
}

function store(scheme) {
  try {
    if (scheme === "system") {
      localStorage.removeItem("scheme");
    } else {
      localStorage.setItem("scheme", scheme);
    }
  } catch {
    // As above.
  }
}

function apply(button, scheme) {
  if (scheme === "system") {
    delete root.dataset.scheme;
  } else {
    root.dataset.scheme = scheme;
  }
  button.textContent = button.dataset[scheme];
}

for (const button of document.querySelectorAll("[data-scheme-switch]")) {
  let current = ORDER.includes(stored()) ? stored() : "system";
  apply(button, current);
  button.hidden = false;
  button.addEventListener("click", () => {
    current = ORDER[(ORDER.indexOf(current) + 1) % ORDER.length];
    store(current);
    apply(button, current);
  });
}
