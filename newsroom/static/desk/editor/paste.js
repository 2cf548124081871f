// Cleans what Word, Google Docs and WordPress put on the clipboard, before anything parses it: string in, string out,
// holding only the elements that the text of a story may have.

import { element, isText, read, words, write } from "./html.js"
import { nestWordLists, mergeLists } from "./paste-lists.js"

const DROPPED = new Set([
  "applet", "audio", "button", "canvas", "colgroup", "col", "del", "embed", "head", "img", "input", "link", "map", "math",
  "meta", "object", "option", "s", "script", "select", "source", "style", "svg", "textarea", "video", "xml",
])
const BLOCKS = new Set(["aside", "blockquote", "h2", "h3", "hr", "li", "ol", "p", "table", "tbody", "td", "th", "tr", "ul"])
const CONTAINERS = new Set([
  "address", "article", "body", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "form", "header",
  "html", "main", "nav", "pre", "section", "tfoot", "thead",
])
const PROTOCOLS = new Set(["http:", "https:", "mailto:"])
const EMPTY = /^(?:\s|&nbsp;|&#160;|&#xa0;|\u00a0|\u200b|\ufeff)*$/i

// {property: value} of a style attribute, names in lower case.
function styles(node) {
  const found = {}
  for (const part of (node.attributes.style ?? "").split(";")) {
    const colon = part.indexOf(":")
    if (colon > 0) found[part.slice(0, colon).trim().toLowerCase()] = part.slice(colon + 1).trim().toLowerCase()
  }
  return found
}

const isBold = (style) => /^(bold|bolder|[6-9]00)/.test(style["font-weight"] ?? "")
const isPlain = (style) => /^(normal|lighter|[1-5]00)/.test(style["font-weight"] ?? "")
const isBlock = (node) => !isText(node) && BLOCKS.has(node.tag)
const isEmpty = (node) => EMPTY.test(words(node))

// The address a link leads to, "" where we do not link there. Google Docs wraps every link in its own redirect.
function address(href) {
  let url
  try {
    url = new URL((href ?? "").trim())
  } catch {
    return ""
  }
  const wrapped = url.searchParams.get("q")
  if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url" && wrapped) return address(wrapped)
  return PROTOCOLS.has(url.protocol) ? url.href : ""
}

const text = (value) => value.replace(/(?:&nbsp;|&#160;|&#xa0;|\u00a0|\s)+/gi, " ").replace(/[\u200b\ufeff]|&#8203;/g, "")

function marked(children, { bold, italic }) {
  let inner = children
  if (italic) inner = [element("em", {}, inner)]
  if (bold) inner = [element("strong", {}, inner)]
  return inner
}

// Put marks inside the blocks they surround: `<b><p>x</p></b>` is how several programs write bold paragraphs.
function around(children, marks) {
  if (!marks.bold && !marks.italic) return children
  if (!children.some(isBlock)) return children.every(isEmpty) ? children : marked(children, marks)
  return children.map((child) =>
    isBlock(child) ? element(child.tag, child.attributes, around(child.children, marks)) : isEmpty(child) ? child : marked([child], marks)[0],
  )
}

function cell(node, children) {
  const attributes = {}
  for (const name of ["colspan", "rowspan"]) {
    if (/^\d{1,3}$/.test(node.attributes[name] ?? "") && Number(node.attributes[name]) > 1) attributes[name] = node.attributes[name]
  }
  return element(node.tag, attributes, paragraphs(children))
}

// One node of the pasted tree as a list of clean nodes.
function convert(node, context) {
  if (isText(node)) return [text(node)]
  const { tag } = node
  const style = styles(node)
  const name = node.attributes.class ?? ""
  if (DROPPED.has(tag) || style.display === "none" || style["mso-hide"] === "all") return []
  if (/mso-list:\s*ignore/i.test(node.attributes.style ?? "")) return [element("#marker", {}, [text(words(node)).trim()])]
  if (/MsoComment|Apple-interchange-newline/.test(name) || /comment-list|footnote-list/.test(style["mso-element"] ?? "")) return []
  if (tag === "br") return style["page-break-before"] ? [] : [element("br")]
  if (tag === "hr") return []
  if (tag === "figure" && /wp-block-pullquote/.test(name)) return [element("aside", { class: "pull-quote" }, paragraphs(children(node, context).flatMap((child) => (child.tag === "blockquote" ? child.children : [child]))))]
  const inner = children(node, context)
  if (tag === "a") {
    const href = address(node.attributes.href)
    return href && !inner.every(isEmpty) && !inner.some(isBlock) ? [element("a", { href }, inner)] : inner
  }
  if (/^(b|strong)$/.test(tag)) return isPlain(style) ? inner : around(inner, { bold: true })
  if (/^(i|em|cite)$/.test(tag)) return style["font-style"] === "normal" ? inner : around(inner, { italic: true })
  if (/^h[1-6]$/.test(tag) || /^Mso(Title|Heading)/.test(name)) return [heading(tag, inner, context)]
  if (/^(ul|ol)$/.test(tag)) return [element(tag, start(node), inner)]
  if (tag === "li") return [element("li", level(node), paragraphs(inner))]
  if (tag === "table") return [element("table", {}, [element("tbody", {}, rows(inner))])]
  if (/^(tbody|thead|tfoot)$/.test(tag)) return rows(inner)
  if (tag === "tr") return [element("tr", {}, inner.filter((child) => /^t[dh]$/.test(child.tag)))]
  if (/^t[dh]$/.test(tag)) return [cell(node, inner)]
  if (tag === "aside") return [element("aside", { class: "pull-quote" }, paragraphs(inner))]
  if (tag === "blockquote") return [element("blockquote", {}, paragraphs(inner))]
  if (tag === "p" || CONTAINERS.has(tag)) return block(node, style, name, inner)
  return around(inner, { bold: isBold(style), italic: /^(italic|oblique)/.test(style["font-style"] ?? "") })
}

function children(node, context) {
  return node.children.flatMap((child) => convert(child, context))
}

const rows = (nodes) => nodes.filter((node) => node.tag === "tr")

const start = (node) => (node.tag === "ol" && Number(node.attributes.start) > 1 ? { start: Number.parseInt(node.attributes.start, 10) } : {})

const level = (node) => {
  const value = node.attributes["data-aria-level"] ?? node.attributes["aria-level"]
  return /^[1-9]$/.test(value ?? "") ? { "#level": Number(value) } : {}
}

// Headings of a story are h2 and h3: the title is the page's h1. Where a text has several h1, its levels move down one.
function heading(tag, inner, { shift }) {
  const depth = /^h[1-6]$/.test(tag) ? Number(tag[1]) : 1
  const bare = (nodes) => nodes.flatMap((node) => (isText(node) ? [node] : /^(strong|em|p|br)$/.test(node.tag) ? [...(node.tag === "br" ? [" "] : []), ...bare(node.children)] : [element(node.tag, node.attributes, bare(node.children))]))
  return element(depth + shift <= 2 ? "h2" : "h3", {}, bare(inner))
}

function block(node, style, name, inner) {
  const list = /^l(\d+)\s+level([1-9])/.exec(style["mso-list"] ?? "")
  if (list) return [element("#item", { list: list[1], level: Number(list[2]) }, inner)]
  if (inner.some(isBlock)) return node.tag === "p" || CONTAINERS.has(node.tag) ? paragraphs(inner) : inner
  const paragraph = lines(around(inner, { bold: isBold(style), italic: /^italic/.test(style["font-style"] ?? "") }))
  return /Mso(Intense)?Quote/.test(name) ? [element("blockquote", {}, paragraph)] : paragraph
}

// One paragraph of inline nodes as one or more: two line breaks in a row start a new one, a single one stays.
function lines(inline) {
  const found = [[]]
  let broken = false
  const put = (node) => {
    if (broken && !isEmpty(node)) broken = false
    found.at(-1).push(node)
  }
  const lineBreak = (wrap) => {
    if (!broken) {
      found.at(-1).push(wrap(element("br")))
      broken = true
    } else if (found.at(-1).length) found.push([])
  }
  const walk = (nodes, wrap) => {
    for (const node of nodes) {
      if (isText(node)) put(wrap(node))
      else if (node.tag === "br") lineBreak(wrap)
      else if (/^(strong|em|a)$/.test(node.tag) && hasBreak(node)) walk(node.children, (child) => wrap(element(node.tag, node.attributes, [child])))
      else put(wrap(node))
    }
  }
  walk(inline, (node) => node)
  return found.filter((line) => !line.every(isEmpty)).map((line) => element("p", {}, trim(line)))
}

const hasBreak = (node) => !isText(node) && (node.tag === "br" || node.children.some(hasBreak))

function trim(line) {
  const trimmed = [...line]
  while (trimmed.length && isEmpty(trimmed[0])) trimmed.shift()
  while (trimmed.length && isEmpty(trimmed.at(-1))) trimmed.pop()
  if (isText(trimmed[0])) trimmed[0] = trimmed[0].trimStart()
  if (isText(trimmed.at(-1))) trimmed[trimmed.length - 1] = trimmed.at(-1).trimEnd()
  return trimmed
}

// Wrap loose inline nodes in paragraphs, drop empty ones and the breaks between blocks.
function paragraphs(nodes) {
  const found = []
  let inline = []
  const flush = () => {
    if (inline.length) found.push(...lines(inline))
    inline = []
  }
  for (const node of nodes) {
    if (isBlock(node) || node.tag === "#item") {
      flush()
      if (/^(table|td|th)$/.test(node.tag) || !isEmpty(node)) found.push(node)
    } else inline.push(node)
  }
  flush()
  return mergeLists(nestWordLists(found))
}

// Remove what only steered the cleaning.
function finish(nodes) {
  return nodes.flatMap((node) => {
    if (isText(node)) return [node]
    if (node.tag === "#marker") return []
    const { "#level": _level, ...attributes } = node.attributes
    return [element(node.tag, attributes, finish(node.children))]
  })
}

// A copy from our own editor: its elements stay as they are, its attributes pass a short list.
function keepOwn(nodes) {
  const kept = new Set(["strong", "em", "a", "br", "figure", "figcaption", ...BLOCKS])
  return nodes.flatMap((node) => {
    if (isText(node)) return [node]
    if (DROPPED.has(node.tag)) return []
    const inner = keepOwn(node.children)
    if (!kept.has(node.tag) || (node.tag === "figure" && !/^[1-9]\d{0,9}$/.test(node.attributes["data-image-id"] ?? ""))) return inner
    const attributes = {}
    const href = node.tag === "a" && address(node.attributes.href)
    if (href) attributes.href = href
    if (node.tag === "aside") attributes.class = "pull-quote"
    if (node.tag === "figure") attributes["data-image-id"] = node.attributes["data-image-id"]
    for (const name of ["data-pm-slice", "colspan", "rowspan", "start"]) if (name in node.attributes) attributes[name] = node.attributes[name]
    return [element(node.tag, attributes, inner)]
  })
}

// Clean a clipboard's HTML. Bad markup is never an error: what cannot be understood becomes its text.
export function clean(html) {
  const fragment = /<!--StartFragment-->([\s\S]*?)<!--EndFragment-->/i.exec(html)
  const tree = read(fragment ? fragment[1] : html)
  if (/data-pm-slice\s*=/.test(html)) return write(keepOwn(tree.children))
  const context = { shift: (html.match(/<h1[\s>]/gi) ?? []).length > 1 ? 1 : 0 }
  const nodes = children(tree, context)
  // A few words without any block go in at the cursor, not as a paragraph of their own.
  if (!nodes.some((node) => isBlock(node) || node.tag === "#item" || hasBreak(node))) return write(finish(nodes))
  return write(finish(paragraphs(nodes)))
}
