// Lists as programs write them, made into lists as HTML has them.

import { element, isText, words } from "./html.js"

const NUMBER = /^\(?(\d+|[a-z]|[ivxlc]+)[.)]/i

// Word writes a list item as a paragraph with its marker typed in: take the marker out and keep what it said.
function takeMarker(item) {
  let marker = ""
  const without = (nodes) =>
    nodes.flatMap((node) => {
      if (isText(node)) return [node]
      if (node.tag === "#marker") {
        marker ||= words(node)
        return []
      }
      return [element(node.tag, node.attributes, without(node.children))]
    })
  const inner = without(item.children)
  const number = NUMBER.exec(marker)
  return { inner, tag: number ? "ol" : "ul", start: number && /^\d+$/.test(number[1]) ? Number(number[1]) : 1 }
}

// Turn runs of list paragraphs into nested lists.
export function nestWordLists(nodes) {
  const found = []
  // The open lists, outermost first.
  let open = []
  for (const node of nodes) {
    if (node.tag !== "#item") {
      open = []
      found.push(node)
      continue
    }
    const { inner, tag, start } = takeMarker(node)
    const first = inner.findIndex((child) => !(isText(child) && !child.trim()))
    const text = inner.slice(Math.max(first, 0))
    if (isText(text[0])) text[0] = text[0].trimStart()
    if (isText(text.at(-1))) text[text.length - 1] = text.at(-1).trimEnd()
    if (!words({ children: text }).trim()) continue
    const depth = Math.min(node.attributes.level, open.length + 1)
    open.length = Math.min(open.length, depth)
    if (open.length === depth && open[depth - 1].tag !== tag) open.length = depth - 1
    if (open.length < depth) {
      const list = element(tag, tag === "ol" && start > 1 ? { start } : {})
      const parent = open.at(-1)
      if (parent) parent.children.at(-1).children.push(list)
      else found.push(list)
      open.push(list)
    }
    open.at(-1).children.push(element("li", {}, [element("p", {}, text)]))
  }
  return found
}

const isList = (node) => node !== undefined && !isText(node) && /^(ul|ol)$/.test(node.tag)

// Put a list that stands directly in a list into the item before it, keep only items in lists, and join neighbours of
// one kind: Google Docs writes the first, Word on the web writes every item as a list of its own.
export function mergeLists(nodes) {
  const found = []
  for (const node of nodes) {
    const list = isList(node) ? tidy(node) : node
    const before = found.at(-1)
    if (isList(list) && before?.tag === list.tag && !("start" in list.attributes)) list.children.forEach((item) => append(before, item))
    else if (isList(list) && isList(before) && depthOf(list) > 1) list.children.forEach((item) => append(before, item, list.tag))
    else found.push(list)
  }
  return found.filter((node) => !isList(node) || node.children.length)
}

const depthOf = (list) => list.children[0]?.attributes["#level"] ?? 1

// Add an item at the level it says it has.
function append(list, item, tag = list.tag) {
  let target = list
  for (let level = item.attributes["#level"] ?? 1; level > 1; level -= 1) {
    const last = target.children.at(-1)
    if (!last) break
    let inner = last.children.at(-1)
    if (!isList(inner)) {
      inner = element(tag)
      last.children.push(inner)
    }
    target = inner
  }
  target.children.push(item)
}

function tidy(list) {
  const items = []
  for (const child of list.children) {
    if (isText(child)) continue
    if (child.tag === "li") {
      if (words(child).trim()) items.push(element("li", child.attributes, mergeLists(child.children)))
    } else if (isList(child) && items.length) items.at(-1).children.push(tidy(child))
    else if (isList(child)) items.push(...tidy(child).children)
  }
  const flat = element(list.tag, list.attributes)
  const base = items[0]?.attributes["#level"] ?? 1
  for (const item of items) {
    const level = (item.attributes["#level"] ?? base) - base + 1
    append(flat, element("li", item.attributes["#level"] ? { "#level": level } : {}, item.children))
  }
  for (const item of flat.children) if (item.attributes["#level"]) item.attributes["#level"] = base
  return flat
}
