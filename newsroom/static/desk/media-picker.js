// Choosing a picture: a dialog around the library's own page, which brings its search, its pages and its upload.
// Resolves to {id, title, alt, credit, caption, thumb, warnings}, or null when it was put aside.

import { uploads } from "./media-upload.js"

function create(tag, properties = {}, children = []) {
  const node = Object.assign(document.createElement(tag), properties)
  node.append(...children)
  return node
}

async function fragment(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" })
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const found = page.querySelector("[data-picker]")
  if (!found) throw new Error(`no picker at ${address}: ${answer.status}`)
  return document.importNode(found, true)
}

export function pick(address, words) {
  const dialog = create("dialog", { className: "picker-dialog" })
  const body = create("div", { className: "picker-frame" })
  const close = create("button", { type: "button", className: "btn btn-small picker-close", textContent: words.close })
  dialog.setAttribute("aria-label", words.title)
  dialog.append(close, body)
  document.body.append(dialog)
  dialog.showModal()

  return new Promise((resolve) => {
    let chosen = null
    const done = (picture) => {
      chosen = picture
      dialog.close()
    }

    // A picture that says nothing to who cannot see it: ask now, while somebody looks at it.
    const askAlt = (picture) => {
      const holder = body.querySelector("[data-alt-step]")
      const form = holder?.querySelector("form")
      if (picture.alt || !holder) return done(picture)
      holder.hidden = false
      body.querySelector("[data-browse]").hidden = true
      holder.querySelector("[data-image-here]").replaceChildren(create("img", { src: picture.thumb, alt: picture.title }))
      holder.querySelector("[data-title]").textContent = picture.title
      for (const part of holder.querySelectorAll("[data-if-may]")) part.hidden = !picture.may_change
      for (const part of holder.querySelectorAll("[data-if-may-not]")) part.hidden = picture.may_change
      const field = holder.querySelector("textarea")
      field.value = ""
      holder.querySelector("[data-without]").onclick = () => done(picture)
      holder.querySelector("[data-back]").onclick = () => {
        holder.hidden = true
        body.querySelector("[data-browse]").hidden = false
        body.querySelector(`[data-id="${picture.id}"]`)?.focus()
      }
      form.onsubmit = async (event) => {
        event.preventDefault()
        const data = new FormData(form)
        data.append("picture", picture.id)
        data.append("version", picture.version)
        const problem = holder.querySelector("[role=alert]")
        problem.textContent = ""
        try {
          const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" })
          const said = await answer.json()
          if (said.picture) return done(said.picture)
          problem.textContent = said.problem ?? words.broken
        } catch {
          problem.textContent = words.broken
        }
        field.focus()
      }
      ;(picture.may_change ? field : holder.querySelector("[data-without]")).focus()
    }

    const show = async (to, focus) => {
      body.setAttribute("aria-busy", "true")
      try {
        const found = await fragment(to)
        body.replaceChildren(found)
        wire(found)
        found.querySelector(focus)?.focus()
      } catch {
        body.replaceChildren(create("p", { className: "note note-stop", textContent: words.broken }))
        close.focus()
      }
      body.removeAttribute("aria-busy")
    }

    const wire = (found) => {
      found.addEventListener("click", (event) => {
        const card = event.target.closest("[data-picture]")
        if (card && card.matches("button")) return askAlt(JSON.parse(card.dataset.picture))
        const link = event.target.closest("a[data-stay]")
        if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return undefined
        event.preventDefault()
        return show(link.href, link.closest("nav") ? "[data-picture]" : `a[data-stay][aria-current]`)
      })
      const search = found.querySelector("form[role=search]")
      search?.addEventListener("submit", (event) => {
        event.preventDefault()
        show(`${search.action}?${new URLSearchParams(new FormData(search))}`, "input[type=search]")
      })
      search?.querySelector("select")?.addEventListener("change", () => search.requestSubmit())
      const upload = found.querySelector("form[data-upload]")
      if (upload) {
        uploads(upload, {
          onPicture: (picture, row) => {
            const use = create("button", { type: "button", className: "btn btn-small btn-primary", textContent: words.use })
            use.addEventListener("click", () => askAlt(picture))
            row.append(use)
          },
        })
      }
    }

    close.addEventListener("click", () => dialog.close())
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close())
    dialog.addEventListener("close", () => {
      dialog.remove()
      resolve(chosen)
    })
    show(address, "input[type=search]")
  })
}

// A field of a form that names a picture: what it names is shown, the number itself steps back.
function field(root) {
  const input = root.querySelector("input")
  const shown = root.querySelector("[data-now]")
  const buttons = root.querySelector("[data-buttons]")
  const choose = root.querySelector("[data-choose]")
  const remove = root.querySelector("[data-remove]")
  const words = JSON.parse(root.dataset.pickerWords)

  const show = (picture) => {
    shown.hidden = !picture
    remove.hidden = !picture
    choose.querySelector("span").textContent = picture ? words.change : words.choose
    if (!picture) return
    shown.querySelector("img")?.remove()
    shown.prepend(create("img", { src: picture.thumb, alt: "" }))
    shown.querySelector("[data-title]").textContent = picture.title
    shown.querySelector("[data-line]").textContent = picture.line
    const warnings = shown.querySelector("[data-warnings]")
    warnings.replaceChildren(...picture.warnings.map((text) => create("li", { textContent: text })))
  }
  const put = (picture) => {
    input.value = picture ? picture.id : ""
    input.dispatchEvent(new Event("input", { bubbles: true }))
    show(picture)
    choose.focus()
  }
  choose.addEventListener("click", async () => {
    const picture = await pick(root.dataset.pick, words)
    if (picture) put(picture)
    else choose.focus()
  })
  remove.addEventListener("click", () => put(null))
  buttons.hidden = false
  root.classList.add("is-ready")
}

for (const root of document.querySelectorAll("[data-picture-field]")) field(root)
