// Says how many characters are left when a text comes near its limit. The server checks the limit in any case.

const NEAR = 500;

for (const output of document.querySelectorAll("[data-counter-for]")) {
  const field = document.getElementById(output.dataset.counterFor);
  if (!field) {
    continue;
  }
  const limit = Number(output.dataset.limit);
  const update = () => {
    // Code points, as the server counts: an emoji is one.
    const left = limit - [...field.value].length;
    output.hidden = left > NEAR;
    output.textContent = output.dataset[left < 0 ? "over" : "left"].replace("%", String(Math.abs(left)));
  };
  field.addEventListener("input", update);
  update();
}
