// The focal point: a click on the picture, arrow buttons or the two numbers say the same; the cuts follow at once.
// Without this module the numbers alone do it, and the cuts follow when they are saved.

const RATIOS = { wide: 16 / 9, square: 1, tall: 4 / 5 }

const clamp = (value, least, most) => Math.min(Math.max(value, least), most)

// The largest box of that ratio inside the picture, as near about the point as its edges allow; as the server cuts it.
function cut(width, height, ratio, x, y) {
  const boxWidth = Math.min(width, height * ratio)
  const boxHeight = Math.min(height, width / ratio)
  const left = clamp((width * x) / 100 - boxWidth / 2, 0, width - boxWidth)
  const top = clamp((height * y) / 100 - boxHeight / 2, 0, height - boxHeight)
  return [left, top, boxWidth, boxHeight].map((value) => Math.round(value * 10) / 10).join(" ")
}

function follow(root) {
  const across = document.getElementById(root.dataset.across)
  const down = document.getElementById(root.dataset.down)
  const stage = root.querySelector("[data-stage]")
  if (!across || !down || !stage) return
  const width = Number(root.dataset.width)
  const height = Number(root.dataset.height)
  const marks = root.querySelectorAll("[data-mark]")
  const cuts = document.querySelectorAll(`[data-cut-of="${CSS.escape(root.id)}"]`)
  const percent = (input) => clamp(Math.round(Number(input.value) || 0), 0, 100)

  const show = () => {
    const [x, y] = [percent(across), percent(down)]
    for (const mark of marks) {
      mark.setAttribute("cx", (width * x) / 100)
      mark.setAttribute("cy", (height * y) / 100)
    }
    for (const frame of cuts) frame.setAttribute("viewBox", cut(width, height, RATIOS[frame.dataset.cut], x, y))
  }
  const put = (x, y) => {
    across.value = clamp(Math.round(x), 0, 100)
    down.value = clamp(Math.round(y), 0, 100)
    across.dispatchEvent(new Event("input", { bubbles: true }))
  }
  const point = (event) => {
    const box = stage.getBoundingClientRect()
    put(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100)
  }

  for (const input of [across, down]) input.addEventListener("input", show)
  if (!across.readOnly) {
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return
      event.preventDefault()
      stage.setPointerCapture(event.pointerId)
      point(event)
    })
    stage.addEventListener("pointermove", (event) => stage.hasPointerCapture(event.pointerId) && point(event))
    for (const button of root.querySelectorAll("[data-nudge]")) {
      button.addEventListener("click", (event) => {
        const [x, y] = button.dataset.nudge.split(",").map(Number)
        const far = event.shiftKey ? 10 : 1
        if (x || y) put(percent(across) + x * far, percent(down) + y * far)
        else put(50, 50)
      })
    }
    root.classList.add("is-ready")
  }
  show()
}

for (const root of document.querySelectorAll("[data-focal]")) follow(root)
