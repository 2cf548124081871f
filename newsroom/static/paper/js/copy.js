// "Copy link" among the plain links that share a story. Without this module, or without a clipboard, there is no button.

const SECONDS_SAID = 3;

for (const place of document.querySelectorAll("[data-copy]")) {
  const button = place.querySelector("button");
  const name = button.textContent;
  place.hidden = !navigator.clipboard;
  // Said aloud as well: a button that changes its name is not.
  const voice = document.createElement("span");
  voice.className = "visually-hidden";
  voice.setAttribute("role", "status");
  place.append(voice);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(place.dataset.copy);
    button.textContent = voice.textContent = button.dataset.copied;
    setTimeout(() => {
      button.textContent = name;
      voice.textContent = "";
    }, SECONDS_SAID * 1000);
  });
}
