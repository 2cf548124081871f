// A small question in a native dialog. Resolves to {name: value}, or null when it was put aside.

let count = 0

function create(tag, properties = {}, children = []) {
  const node = Object.assign(document.createElement(tag), properties)
  node.append(...children)
  return node
}

export function ask({ title, fields, submit, cancel }) {
  count += 1
  const id = `editor-dialog-${count}`
  const inputs = fields.map(({ name, type, value, min, max }) =>
    create("input", { id: `${id}-${name}`, name, type, value, required: true, ...(min ? { min, max } : {}) }),
  )
  const rows = fields.map((field, index) => create("p", {}, [create("label", { htmlFor: inputs[index].id, textContent: field.label }), inputs[index]]))
  const close = create("button", { type: "button", className: "btn", textContent: cancel })
  const heading = create("h2", { id, textContent: title })
  const form = create("form", { method: "dialog" }, [heading, ...rows, create("p", { className: "buttons" }, [create("button", { type: "submit", className: "btn btn-primary", textContent: submit }), close])])
  const dialog = create("dialog", { className: "editor-dialog" }, [form])
  dialog.setAttribute("aria-labelledby", id)
  document.body.append(dialog)
  return new Promise((resolve) => {
    let answer = null
    form.addEventListener("submit", () => {
      answer = Object.fromEntries(inputs.map((input) => [input.name, input.value]))
    })
    close.addEventListener("click", () => dialog.close())
    dialog.addEventListener("close", () => {
      dialog.remove()
      resolve(answer)
    })
    dialog.showModal()
    inputs[0].select()
  })
}
