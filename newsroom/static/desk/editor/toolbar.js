// One toolbar (WAI-ARIA authoring practices, toolbar pattern): a single tab stop, arrow keys inside, names in the
// desk's language and icons of its own in place of an icon font.

const NS = "http://www.w3.org/2000/svg"
const ICONS = {
  "history:undo": ["M6 4 3 7l3 3", "M3 7h6.5a3.5 3.5 0 0 1 0 7H7"],
  "history:redo": ["m10 4 3 3-3 3", "M13 7H6.5a3.5 3.5 0 0 0 0 7H9"],
  bold: ["M4.5 3h4a2.5 2.5 0 0 1 0 5h-4zM4.5 8h5a2.6 2.6 0 0 1 0 5.2h-5z"],
  italic: ["M7 3h5M4 13h5M9.6 3 6.4 13"],
  link: ["M7 9a3 3 0 0 0 4.3.2l2-2a3 3 0 0 0-4.3-4.3l-.8.9", "M9 7a3 3 0 0 0-4.3-.2l-2 2A3 3 0 0 0 7 13.1l.8-.9"],
  unlink: ["M7 9a3 3 0 0 0 3 .9M11.3 9.2l2-2a3 3 0 0 0-4.3-4.3", "M4.7 6.8l-2 2A3 3 0 0 0 7 13.1", "M3 3l10 10"],
  bulletList: ["M6 4h7M6 8h7M6 12h7", "M3 4h.01M3 8h.01M3 12h.01"],
  orderedList: ["M7 4h6M7 8h6M7 12h6", "M2.5 3 3.5 2.5V6M2.5 10h1.8L2.5 12.8h2"],
  blockquote: ["M3 4v8", "M6.5 5h6.5M6.5 8h6.5M6.5 11h4"],
  pullQuote: ["M2.5 11c2 0 3-1.5 3-4H2.5V4h3M9 11c2 0 3-1.5 3-4H9V4h3"],
  figure: ["M2.5 3h11v10h-11z", "M2.5 11l3.2-3.4 2.6 2.6 2-1.8 3.2 2.8", "M10.4 5.9h.01"],
  table: ["M2.5 3h11v10h-11zM2.5 6.5h11M2.5 9.8h11M6.2 3v10M9.8 3v10"],
  "table:addColumnAfter": ["M2.5 3h5v10h-5zM12 5.5v5M9.5 8h5"],
  "table:deleteColumn": ["M2.5 3h5v10h-5zM9.5 8h5"],
  "table:addRowAfter": ["M3 2.5h10v5H3zM8 9.5v5M5.5 12h5"],
  "table:deleteRow": ["M3 2.5h10v5H3zM5.5 12h5"],
  "table:mergeCells": ["M2.5 3h11v10h-11zM4.5 8h2.5M11.5 8H9M5.8 6.5 7.2 8 5.8 9.5M10.2 6.5 8.8 8l1.4 1.5"],
  "table:splitCell": ["M2.5 3h11v10h-11zM8 3v10M5.5 8H4M12 8h-1.5"],
  "table:toggleHeaderCell": ["M2.5 3h11v10h-11zM2.5 6.5h11M2.5 4.8h11"],
  "table:deleteTable": ["M2.5 3h11v10h-11zM6 6l4 4M10 6l-4 4"],
}
const TOGGLES = new Set(["heading2", "heading3", "bold", "italic", "link", "bulletList", "orderedList", "blockquote", "pullQuote"])

// A word of the interface in the desk's language, from the text field's `data-editor-labels`.
export function label(textarea, name) {
  textarea.editorLabels ??= JSON.parse(textarea.dataset.editorLabels ?? "{}")
  return textarea.editorLabels[name] ?? name
}

function drawing(paths) {
  const svg = document.createElementNS(NS, "svg")
  for (const [name, value] of Object.entries({ viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false" })) svg.setAttribute(name, value)
  for (const d of paths) {
    const path = document.createElementNS(NS, "path")
    path.setAttribute("d", d)
    svg.append(path)
  }
  return svg
}

export function toolbar(bar, editor, textarea) {
  // List numbering is not offered: the sanitiser keeps a start, not a style.
  bar.querySelector('[data-name="orderedListProperties"]')?.remove()
  const buttons = [...bar.querySelectorAll("button")]
  for (const button of buttons) {
    const { name } = button.dataset
    const words = label(textarea, name)
    button.classList.remove("material-icons", "prose-menubar__button--heading")
    button.setAttribute("aria-label", words)
    button.title = words
    button.tabIndex = -1
    const depth = /^heading(\d)$/.exec(name)?.[1]
    if (ICONS[name]) button.replaceChildren(drawing(ICONS[name]))
    else if (depth) {
      const small = document.createElement("sub")
      small.textContent = depth
      button.replaceChildren("H", small)
    }
  }
  bar.setAttribute("role", "toolbar")
  bar.setAttribute("aria-label", label(textarea, "toolbar"))
  if (textarea.id) {
    editor.view.dom.id = `${textarea.id}_editor`
    bar.setAttribute("aria-controls", editor.view.dom.id)
  }
  for (const name of textarea.labels ?? []) name.addEventListener("click", () => editor.commands.focus())

  const shown = () => buttons.filter((button) => !button.classList.contains("hidden"))
  let stop = buttons[0]
  const setStop = (button) => {
    stop.tabIndex = -1
    stop = button
    stop.tabIndex = 0
  }
  setStop(stop)
  const follow = () => {
    for (const button of buttons) {
      button.setAttribute("aria-disabled", String(button.classList.contains("disabled")))
      if (TOGGLES.has(button.dataset.name)) button.setAttribute("aria-pressed", String(button.classList.contains("active")))
    }
    if (stop.classList.contains("hidden")) setStop(shown()[0])
  }
  editor.on("transaction", follow)
  follow()

  bar.addEventListener("focusin", (event) => event.target.closest("button") && setStop(event.target.closest("button")))
  bar.addEventListener("keydown", (event) => {
    const all = shown()
    const at = all.indexOf(stop)
    const to = { ArrowRight: (at + 1) % all.length, ArrowLeft: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    setStop(all[to])
    stop.focus()
  })
}
