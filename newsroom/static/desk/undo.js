// The undo line counts down, waits while it has the pointer or the focus, and leaves; the decision stays in the history.
for (const toast of document.querySelectorAll("[data-seconds]")) {
  let left = Number(toast.dataset.seconds);
  const counter = toast.querySelector("[data-left]");
  const unit = counter.textContent.replace(/^\s*\d+/, "");
  const timer = setInterval(() => {
    if (toast.matches(":hover, :focus-within")) return;
    left -= 1;
    counter.textContent = `${left}${unit}`;
    if (left > 0) return;
    clearInterval(timer);
    toast.classList.add("is-over");
  }, 1000);
}
// Screen readers announce a status that changes, not one that was there.
const words = document.querySelector("[data-toasts] .toast-words");
if (words) {
  const said = [...words.childNodes];
  words.replaceChildren();
  setTimeout(() => words.replaceChildren(...said), 150);
}
