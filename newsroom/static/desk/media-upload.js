// Several pictures at once: each file is sent in a request of its own, so that one that is refused or breaks off costs
// the others nothing. The form itself works without this module.

// As many at a time; the server keeps half of its threads for readers.
const AT_ONCE = 2
const BUSY = 503
const PATIENCE = 6

function create(tag, properties = {}, children = []) {
  const node = Object.assign(document.createElement(tag), properties)
  node.append(...children)
  return node
}

const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "")

// Sends one file; resolves to {status, text}. XMLHttpRequest, because fetch cannot say how far it has come.
function send(form, file, progress) {
  const data = new FormData(form)
  data.delete("files")
  data.append("files", file, file.name)
  data.append("fragment", "1")
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open("POST", form.action)
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total)
    })
    request.addEventListener("load", () => resolve({ status: request.status, text: request.responseText }))
    for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => resolve({ status: 0, text: "" }))
    request.send(data)
  })
}

// Turns the row that came back into an element; markup of our own server and nothing else.
function rowOf(text) {
  const parsed = new DOMParser().parseFromString(text, "text/html").querySelector("[data-upload-row]")
  return parsed ? document.importNode(parsed, true) : null
}

export function uploads(form, { onPicture } = {}) {
  const input = form.querySelector("input[type=file]")
  const zone = form.querySelector("[data-drop]") ?? form
  const list = form.parentElement.querySelector("[data-upload-rows]")
  const status = form.parentElement.querySelector("[role=status]")
  const words = form.dataset
  const waiting = []
  const total = { all: 0, done: 0, refused: 0 }
  let running = 0

  const say = () => {
    const left = total.all - total.done
    status.textContent = left
      ? filled(words.wordsGoing, { done: total.done, all: total.all })
      : filled(total.refused ? words.wordsSomeRefused : words.wordsDone, { all: total.all, refused: total.refused, accepted: total.all - total.refused })
  }

  const failed = (entry, why, isFinal = false) => {
    const again = create("button", { type: "button", className: "btn btn-small", textContent: words.wordsAgain })
    again.addEventListener("click", () => {
      total.refused -= 1
      total.done -= 1
      start(entry)
    })
    entry.row.dataset.state = "refused"
    entry.row.replaceChildren(
      create("p", { className: "upload-name", textContent: entry.file.name }),
      create("p", { className: "upload-why", textContent: why }),
      ...(isFinal ? [] : [again]),
    )
    total.refused += 1
  }

  const work = async (entry) => {
    // Not sent at all: the server would close the line on it, and the reason would be lost.
    if (entry.file.size > Number(words.mostBytes)) {
      failed(entry, words.wordsTooLarge, true)
      total.done += 1
      return say()
    }
    const bar = create("progress", { max: 1, value: 0 })
    bar.setAttribute("aria-label", entry.file.name)
    const stage = create("p", { className: "quiet", textContent: words.wordsSending })
    entry.row.dataset.state = "sending"
    entry.row.replaceChildren(create("p", { className: "upload-name", textContent: entry.file.name }), bar, stage)
    let answer
    for (let turn = 0; turn < PATIENCE; turn += 1) {
      answer = await send(form, entry.file, (share) => {
        bar.value = share
        if (share === 1) stage.textContent = words.wordsChecking
      })
      if (answer.status !== BUSY) break
      await wait(1 + turn)
    }
    const row = answer.status === 200 ? rowOf(answer.text) : null
    if (row) {
      entry.row.replaceWith(row)
      if (row.dataset.state === "refused") total.refused += 1
      else if (row.dataset.picture) onPicture?.(JSON.parse(row.dataset.picture), row)
    } else if (answer.status === 413) failed(entry, words.wordsTooLarge, true)
    else if ([200, 401, 403].includes(answer.status)) failed(entry, words.wordsLoggedOut)
    else failed(entry, words.wordsBroken)
    total.done += 1
    return say()
  }

  const next = async () => {
    if (running >= AT_ONCE || !waiting.length) return
    running += 1
    try {
      await work(waiting.shift())
    } finally {
      running -= 1
      next()
    }
  }

  const start = (entry) => {
    waiting.push(entry)
    next()
    say()
  }

  const take = (files) => {
    for (const file of files) {
      const row = create("li", { className: "upload-row" }, [
        create("p", { className: "upload-name", textContent: file.name }),
        create("p", { className: "quiet", textContent: words.wordsWaiting }),
      ])
      row.dataset.state = "waiting"
      list.append(row)
      total.all += 1
      start({ file, row })
    }
    list.hidden = false
  }

  form.classList.add("is-ready")
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    if (!input.files.length) return input.reportValidity()
    take(input.files)
    input.value = ""
    input.focus()
  })
  input.addEventListener("change", () => {
    if (!input.files.length) return
    take(input.files)
    input.value = ""
  })

  // Files dragged in from the desktop. A file dropped beside the zone must not replace the page.
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files")
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      zone.classList.add("is-over")
    })
  }
  zone.addEventListener("dragleave", (event) => zone.contains(event.relatedTarget) || zone.classList.remove("is-over"))
  zone.addEventListener("drop", (event) => {
    zone.classList.remove("is-over")
    if (!carriesFiles(event)) return
    event.preventDefault()
    take(event.dataTransfer.files)
  })
  window.addEventListener("beforeunload", (event) => {
    if (running || waiting.length) event.preventDefault()
  })
}

for (const form of document.querySelectorAll("form[data-upload]")) uploads(form)
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    const stray = [...(event.dataTransfer?.types ?? [])].includes("Files") && !event.defaultPrevented
    if (stray && document.querySelector("form[data-upload]")) event.preventDefault()
  })
}
