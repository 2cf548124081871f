// The library's page: choosing a licence searches at once. Everything works without this.

for (const select of document.querySelectorAll(".media-search select")) {
  select.addEventListener("change", () => select.form.requestSubmit())
}
