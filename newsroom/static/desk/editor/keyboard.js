// Names the writing surface for assistive technology and lets the keyboard leave it: Tab indents in lists and moves
// in tables, so Escape first makes the next Tab leave the text.

export function keyboard(textarea, Plugin) {
  let leaving = false
  const attributes = { "aria-multiline": "true", "aria-label": textarea.labels?.[0]?.textContent.trim().replace(/:$/, "") || textarea.name }
  if (textarea.getAttribute("aria-describedby")) attributes["aria-describedby"] = textarea.getAttribute("aria-describedby")
  if (textarea.getAttribute("aria-invalid")) attributes["aria-invalid"] = textarea.getAttribute("aria-invalid")
  if (textarea.lang) attributes.lang = textarea.lang
  return new Plugin({
    props: {
      attributes,
      handleDOMEvents: {
        keydown(_view, event) {
          const leaves = leaving && event.key === "Tab"
          if (event.key !== "Shift") leaving = event.key === "Escape"
          // True keeps the editor's own keys away from it; the browser then moves the focus.
          return leaves
        },
      },
    },
  })
}
