// Says how many characters are left when a text comes near its limit. The server checks the limit in any case.

const NEAR = 500;

for (const field of document.querySelectorAll("[data-counter-limit]")) {
  const { counterLimit, counterLeft, counterOver } = field.dataset;
  const note = document.createElement("p");
  note.className = "form-text";
  note.setAttribute("role", "status");
  field.after(note);
  const update = () => {
    // Code points, as the server counts: an emoji is one.
    const left = Number(counterLimit) - [...field.value].length;
    note.textContent = left > NEAR ? "" : (left < 0 ? counterOver : counterLeft).replace("%", String(Math.abs(left)));
  };
  field.addEventListener("input", update);
  update();
}
