// Small helps of the editor's page. Everything works without them.

document.documentElement.classList.add("has-js")
const form = document.getElementById("article_form")

// Titles have no line breaks: Enter in one saves, as in any one-line field.
for (const field of document.querySelectorAll("[data-one-line]")) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return
    event.preventDefault()
    form?.requestSubmit(form.querySelector('[name="_save"]'))
  })
}

// A link of the checklist puts the cursor where something is missing; the text's own field is behind the editor.
for (const link of document.querySelectorAll(".checks a")) {
  link.addEventListener("click", (event) => {
    const id = link.hash.slice(1)
    const target = document.getElementById(`${id}_editor`) ?? document.getElementById(id)
    if (!target) return
    const field = target.matches("input, select, textarea, [contenteditable]") ? target : target.querySelector("select, input:not([type=hidden]), textarea")
    event.preventDefault()
    target.scrollIntoView({ block: "center" })
    field?.focus({ preventScroll: true })
  })
}

// One open set of questions at a time; Escape closes it.
const actions = [...document.querySelectorAll("details.action")]
for (const action of actions) {
  action.addEventListener("toggle", () => {
    if (!action.open) return
    for (const other of actions) if (other !== action) other.open = false
    action.querySelector(".question :is(input, textarea, select)")?.focus()
  })
  action.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !action.open) return
    action.open = false
    action.querySelector("summary").focus()
  })
}

if (form) {
  // Ctrl S makes a revision.
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault()
      form.requestSubmit(form.querySelector('[name="_save"]'))
    }
  })
  // Leaving with something typed and not saved asks first; a second press of a button saves once.
  let changed = false
  let sent = false
  form.addEventListener("input", () => (changed = true))
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault()
    sent = true
  })
  window.addEventListener("pageshow", () => (sent = false))
  window.addEventListener("beforeunload", (event) => {
    if (changed && !sent) event.preventDefault()
  })
}

// The conflict page: choosing a side fills the result, writing in the result chooses it.
for (const radio of document.querySelectorAll("[data-fills]")) {
  radio.addEventListener("change", () => {
    const result = document.getElementById(radio.dataset.fills)
    const source = document.getElementById(radio.dataset.source)
    if (!result || !source || result.closest(".prose-editor")) return
    result.value = source.value
  })
}
for (const result of document.querySelectorAll("[data-result-for]")) {
  result.addEventListener("input", (event) => {
    if (!event.isTrusted && !result.closest(".prose-editor")?.contains(document.activeElement)) return
    const choice = document.querySelector(`[name="choice-${result.dataset.resultFor}"][value="result"]`)
    if (choice) choice.checked = true
  })
}
