// What the editor shows of pictures that a text names by their numbers: asked for together, once each.

const known = new Map()
let asked = new Set()
let timer = 0

export function remember(picture) {
  known.set(String(picture.id), Promise.resolve(picture))
}

// Resolves to the picture's card, or null where there is none to show.
export function card(id, address) {
  const key = String(id)
  if (!known.has(key)) {
    asked.add(key)
    known.set(
      key,
      new Promise((resolve) => {
        batch.push([key, resolve])
      }),
    )
    clearTimeout(timer)
    timer = setTimeout(() => flush(address), 0)
  }
  return known.get(key)
}

let batch = []

async function flush(address) {
  const turn = batch
  const ids = [...asked]
  batch = []
  asked = new Set()
  let found = new Map()
  try {
    const answer = await fetch(`${address}?ids=${ids.join(",")}`, { credentials: "same-origin" })
    const said = await answer.json()
    found = new Map(said.pictures.map((picture) => [String(picture.id), picture]))
  } catch {
    // Not known now; the next opening of the page asks again.
    for (const id of ids) known.delete(id)
  }
  for (const [id, resolve] of turn) resolve(found.get(id) ?? null)
}
