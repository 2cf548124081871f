// Pictures in a text: a block that names a picture of the library by its number and carries a caption of its own. What
// is stored is <figure data-image-id="7"><figcaption>words</figcaption></figure>, nothing else.

import { Node, Plugin, mergeAttributes, pm } from "django-prose-editor/editor"

import { pick } from "../media-picker.js"
import { card, remember } from "./figure-cards.js"
import { label } from "./toolbar.js"

const { TextSelection, NodeSelection } = pm.state
const NUMBER = /^[1-9]\d{0,9}$/

const textareaOf = (editor) => editor.options.element.querySelector("textarea")
const wordsOf = (editor) => (name) => label(textareaOf(editor), `figure:${name}`)
const addresses = (editor) => JSON.parse(textareaOf(editor).dataset.editorPictures ?? "{}")

function create(tag, properties = {}, children = []) {
  const node = Object.assign(document.createElement(tag), properties)
  node.append(...children)
  return node
}

// The figure that is selected or in whose caption the cursor stands: {pos, node}, or null.
function figureAt(state, name) {
  const { selection } = state
  if (selection.node?.type.name === name) return { pos: selection.from, node: selection.node }
  const { $from } = selection
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name === name) return { pos: $from.before(depth), node: $from.node(depth) }
  }
  return null
}

// Says something in a line above the text, for eyes and ears; nothing takes it away again.
function tell(editor, text) {
  editor.options.element.querySelector("[data-note]").textContent = text
}

async function choose(editor) {
  const words = wordsOf(editor)
  const to = addresses(editor)
  if (!to.pick) return null
  const names = ["title", "close", "broken", "use"]
  const picture = await pick(to.pick, Object.fromEntries(names.map((name) => [name, words(name)])))
  if (picture) remember(picture)
  return picture
}

function view({ node, getPos, editor }, name) {
  const words = wordsOf(editor)
  const dom = create("figure", { className: "figure-block" })
  const frame = create("div", { className: "figure-frame", contentEditable: "false" })
  const picture = create("img", { alt: "" })
  const line = create("p", { className: "figure-line" })
  const tools = create("p", { className: "figure-tools" })
  const caption = create("figcaption", { className: "figure-caption" })
  let shown = ""

  const button = (text, act) => {
    const made = create("button", { type: "button", className: "btn btn-small", textContent: text })
    made.addEventListener("click", act)
    tools.append(made)
  }
  const select = () => editor.chain().setNodeSelection(getPos())
  button(words("change"), () => select().changeFigure().run())
  button(words("up"), () => select().moveFigure(-1).run())
  button(words("down"), () => select().moveFigure(1).run())
  button(words("remove"), () => select().deleteSelection().focus().run())

  const fill = async (id) => {
    shown = id
    dom.dataset.imageId = id
    const found = await card(id, addresses(editor).cards)
    if (shown !== id) return
    picture.hidden = !found
    if (!found) {
      line.replaceChildren(create("span", { className: "figure-warning", textContent: words("unknown").replace("{id}", id) }))
      return
    }
    picture.src = found.thumb
    picture.alt = found.alt || found.title
    const said = create("span", { textContent: [found.alt || "", found.credit].filter(Boolean).join(" · ") || found.title })
    line.replaceChildren(said, ...found.warnings.map((text) => create("span", { className: "figure-warning", textContent: text })))
    caption.dataset.placeholder = found.caption ? words("captionIs").replace("{caption}", found.caption) : words("caption")
    frame.setAttribute("aria-label", `${words("picture")}: ${found.title}`)
  }
  frame.setAttribute("role", "group")
  frame.append(picture, line, tools)
  caption.dataset.placeholder = words("caption")
  caption.setAttribute("aria-label", words("caption"))
  const mark = (now) => caption.classList.toggle("is-empty", now.content.size === 0)
  mark(node)
  dom.append(frame, caption)
  fill(node.attrs.id)

  return {
    dom,
    contentDOM: caption,
    update(next) {
      if (next.type.name !== name) return false
      if (next.attrs.id !== shown) fill(next.attrs.id)
      mark(next)
      return true
    },
    selectNode: () => dom.classList.add("is-selected"),
    deselectNode: () => dom.classList.remove("is-selected"),
    stopEvent: (event) => Boolean(event.target.closest?.(".figure-tools")),
    // What this view writes itself is no edit: read as one, the view would be drawn anew for ever.
    ignoreMutation: (mutation) => mutation.type !== "selection" && (mutation.type === "attributes" || !caption.contains(mutation.target)),
  }
}

export const Figure = Node.create({
  name: "figure",
  group: "block",
  content: "text*",
  draggable: true,
  isolating: true,
  defining: true,
  addAttributes: () => ({
    id: {
      default: "",
      parseHTML: (element) => element.getAttribute("data-image-id"),
      renderHTML: ({ id }) => ({ "data-image-id": id }),
    },
  }),
  parseHTML: () => [
    {
      tag: "figure[data-image-id]",
      getAttrs: (element) => NUMBER.test(element.getAttribute("data-image-id")) && null,
      contentElement: (element) => element.querySelector("figcaption") ?? document.createElement("figcaption"),
    },
  ],
  renderHTML: ({ HTMLAttributes }) => ["figure", mergeAttributes(HTMLAttributes), ["figcaption", 0]],
  onCreate() {
    const note = create("p", { className: "editor-note" })
    note.setAttribute("role", "status")
    note.dataset.note = ""
    this.editor.view.dom.before(note)
  },
  addNodeView() {
    return (props) => view(props, this.name)
  },
  addCommands() {
    const { name } = this
    return {
      // Behind the block at hand, in its place when it is empty: never within a list, a table or a quotation.
      insertFigure: (id) => ({ state, tr, dispatch }) => {
        const { $from } = state.selection
        const node = state.schema.nodes[name].create({ id: String(id) })
        const block = $from.depth ? $from.node(1) : null
        const isBlank = block?.type.name === "paragraph" && !block.content.size
        const after = $from.depth ? $from.after(1) : state.selection.to
        if (!dispatch) return true
        const at = isBlank ? $from.before(1) : after
        if (isBlank) tr.replaceWith(at, after, node)
        else tr.insert(at, node)
        const behind = at + node.nodeSize
        if (behind >= tr.doc.content.size) tr.insert(behind, state.schema.nodes.paragraph.create())
        tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView()
        return true
      },
      changeFigure: () => ({ editor, state }) => {
        const found = figureAt(state, name)
        if (!found) return false
        choose(editor).then((picture) => {
          if (!picture) return editor.commands.focus()
          return editor
            .chain()
            .command(({ tr }) => {
              if (tr.doc.nodeAt(found.pos)?.type.name !== name) return false
              tr.setNodeMarkup(found.pos, null, { id: String(picture.id) })
              return true
            })
            .focus()
            .run()
        })
        return true
      },
      // Past the block above (-1) or below (1), with its caption and the selection.
      moveFigure: (by) => ({ state, tr, dispatch }) => {
        const found = figureAt(state, name)
        if (!found) return false
        const $at = state.doc.resolve(found.pos)
        const index = $at.index()
        const neighbour = $at.parent.maybeChild(index + by)
        if (!neighbour) return false
        if (!dispatch) return true
        const to = by < 0 ? found.pos - neighbour.nodeSize : found.pos + neighbour.nodeSize
        tr.delete(found.pos, found.pos + found.node.nodeSize)
        tr.insert(to, found.node)
        tr.setSelection(NodeSelection.create(tr.doc, to)).scrollIntoView()
        return true
      },
    }
  },
  addKeyboardShortcuts() {
    const { editor, name } = this
    const inCaption = () => {
      const { $from, empty } = editor.state.selection
      return empty && $from.parent.type.name === name ? $from : null
    }
    const emptied = () => {
      const $from = inCaption()
      if (!$from || $from.parent.content.size) return false
      return editor.chain().setNodeSelection($from.before()).deleteSelection().run()
    }
    return {
      "Alt-ArrowUp": () => editor.commands.moveFigure(-1),
      "Alt-ArrowDown": () => editor.commands.moveFigure(1),
      Backspace: emptied,
      Delete: emptied,
      Enter: () => {
        const $from = inCaption()
        if (!$from) return false
        const after = $from.after()
        return editor
          .chain()
          .command(({ tr, state }) => {
            if ($from.parentOffset === 0 && $from.parent.content.size) return false
            if (!tr.doc.nodeAt(after)?.isTextblock) tr.insert(after, state.schema.nodes.paragraph.create())
            tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView()
            return true
          })
          .run()
      },
    }
  },
  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "figure",
      groups: "nodes",
      button: buttons.text("", "picture"),
      command: (editor) => {
        if (figureAt(editor.state, "figure")) return editor.chain().changeFigure().run()
        return choose(editor).then((picture) => {
          const chain = editor.chain().focus()
          return picture ? chain.insertFigure(picture.id).run() : chain.run()
        })
      },
      active: (editor) => editor.isActive("figure"),
    })
  },
  addProseMirrorPlugins() {
    const { editor } = this
    const words = wordsOf(editor)
    const carriesPictures = (data) => [...(data?.files ?? [])].some((file) => file.type.startsWith("image/"))
    return [
      new Plugin({
        props: {
          handlePaste(_view, event) {
            const html = event.clipboardData?.getData("text/html") ?? ""
            const isOwn = /data-pm-slice\s*=/.test(html)
            const foreign = (html.match(/<img\b(?![^>]*\bclass=["']?[^"'>]*emoji)/gi) ?? []).length
            const dropped = !isOwn && (foreign > 0 || (!html && carriesPictures(event.clipboardData)))
            tell(editor, dropped ? words("dropped") : "")
            return dropped && !html
          },
          handleDrop(_view, event) {
            if (!carriesPictures(event.dataTransfer)) return false
            event.preventDefault()
            tell(editor, words("dropped"))
            return true
          },
        },
      }),
    ]
  },
})
