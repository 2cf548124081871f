// A small HTML reader and writer that never touches the DOM. Under our policy any real parse of a pasted `style`
// attribute logs an error and lets the browser apply it, so pasted text is taken apart as a string.

const VOID = new Set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
const RAW = new Set(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "template"])
// Opening one of these ends an open paragraph.
const ENDS_PARAGRAPH = new Set([
  "address", "article", "aside", "blockquote", "div", "dl", "fieldset", "figure", "footer", "form", "h1", "h2", "h3",
  "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
])
// Opening the key ends an open sibling named here, up to the given fence.
const ENDS_SIBLING = {
  li: [["li"], ["ul", "ol"]],
  tr: [["tr", "td", "th"], ["table", "tbody", "thead", "tfoot"]],
  td: [["td", "th"], ["tr", "table"]],
  th: [["td", "th"], ["tr", "table"]],
}
const TAG = /^<(\/?)([a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/
const ATTRIBUTE = /([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", colon: ":", Tab: "\t", NewLine: "\n" }

export function element(tag, attributes = {}, children = []) {
  return { tag, attributes, children }
}

export const isText = (node) => typeof node === "string"

// Replace entities in an attribute value: numeric ones and the few that could disguise an address.
function decode(value) {
  return value.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));?/gi, (whole, hex, decimal, name) => {
    if (name) return NAMED[name] ?? whole
    const code = Number.parseInt(hex ?? decimal, hex ? 16 : 10)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ""
  })
}

function readAttributes(source) {
  const attributes = {}
  for (const [, name, double, single, bare] of source.matchAll(ATTRIBUTE)) {
    attributes[name.toLowerCase()] ??= decode(double ?? single ?? bare ?? "")
  }
  return attributes
}

// Read `html` into a tree of {tag, attributes, children} and strings (still escaped, as they stood).
export function read(html) {
  const root = element("#root")
  const open = [root]
  const top = () => open[open.length - 1]
  const close = (tags, fences) => {
    for (let i = open.length - 1; i > 0; i -= 1) {
      if (tags.includes(open[i].tag)) {
        open.length = i
        return
      }
      if (fences.includes(open[i].tag)) return
    }
  }
  let rest = html
  while (rest) {
    const next = rest.indexOf("<")
    if (next !== 0) {
      const text = next === -1 ? rest : rest.slice(0, next)
      top().children.push(text.replaceAll(">", "&gt;"))
      rest = next === -1 ? "" : rest.slice(next)
      continue
    }
    if (rest.startsWith("<!--")) {
      const end = rest.indexOf("-->", 4)
      rest = end === -1 ? "" : rest.slice(end + 3)
      continue
    }
    if (/^<[!?]/.test(rest)) {
      const end = rest.indexOf(">")
      rest = end === -1 ? "" : rest.slice(end + 1)
      continue
    }
    const match = TAG.exec(rest)
    if (!match) {
      top().children.push("&lt;")
      rest = rest.slice(1)
      continue
    }
    rest = rest.slice(match[0].length)
    const tag = match[2].toLowerCase()
    if (match[1]) {
      close([tag], [])
      continue
    }
    if (ENDS_PARAGRAPH.has(tag)) close(["p"], ["table", "td", "th", "li", "blockquote", "aside"])
    if (ENDS_SIBLING[tag]) close(...ENDS_SIBLING[tag])
    const node = element(tag, readAttributes(match[3]))
    if (RAW.has(tag)) {
      const end = rest.toLowerCase().indexOf(`</${tag}`)
      rest = end === -1 ? "" : rest.slice(end)
      continue
    }
    top().children.push(node)
    if (!VOID.has(tag) && !match[3].endsWith("/")) open.push(node)
  }
  return root
}

const escape = (value) => value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;")

// Write a list of nodes as HTML.
export function write(nodes) {
  return nodes
    .map((node) => {
      if (isText(node)) return node
      const attributes = Object.entries(node.attributes)
        .map(([name, value]) => ` ${name}="${escape(String(value))}"`)
        .join("")
      const start = `<${node.tag}${attributes}>`
      return VOID.has(node.tag) ? start : `${start}${write(node.children)}</${node.tag}>`
    })
    .join("")
}

// The words of a node, entities and all.
export function words(node) {
  return isText(node) ? node : node.children.map(words).join("")
}
