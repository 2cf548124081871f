// What the desk's editor adds to django-prose-editor: pull quotes, pictures, a clean paste, one toolbar for keyboard and
// ear, and dialogs in the reader's language. The names exported here replace the stock ones of the same name.

import {
  Extension,
  Link as StockLink,
  Menu as StockMenu,
  Node,
  Plugin,
  Table as StockTable,
  mergeAttributes,
} from "django-prose-editor/editor"

import { ask } from "./editor/dialog.js"
import { countWords } from "./editor/count.js"
import { keyboard } from "./editor/keyboard.js"
import { clean } from "./editor/paste.js"
import { label, toolbar } from "./editor/toolbar.js"

export { Figure } from "./editor/figure.js"

const textareaOf = (editor) => editor.options.element.querySelector("textarea")

export const PullQuote = Node.create({
  name: "pullQuote",
  group: "block",
  content: "paragraph+",
  defining: true,
  parseHTML: () => [{ tag: "aside" }],
  renderHTML: ({ HTMLAttributes }) => ["aside", mergeAttributes(HTMLAttributes, { class: "pull-quote" }), 0],
  addCommands() {
    return { togglePullQuote: () => ({ commands }) => commands.toggleWrap(this.name) }
  },
  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "pullQuote",
      groups: "nodes",
      button: buttons.text("", "pull quote"),
      command: (editor) => editor.chain().focus().togglePullQuote().run(),
      active: (editor) => editor.isActive("pullQuote"),
      enabled: (editor) => editor.can().togglePullQuote(),
    })
  },
})

export const CleanPaste = Extension.create({
  name: "cleanPaste",
  addProseMirrorPlugins() {
    const { editor } = this
    return [
      new Plugin({
        props: {
          transformPastedHTML: clean,
          // WordPress' code editor puts its blocks on the clipboard as plain text.
          handlePaste(_view, event) {
            const data = event.clipboardData
            const plain = data?.getData("text/plain") ?? ""
            if (data?.getData("text/html") || !/<!-- wp:[a-z]/.test(plain)) return false
            return editor.commands.insertContent(clean(plain))
          },
        },
      }),
      keyboard(textareaOf(editor), Plugin),
    ]
  },
})

export const Link = StockLink.extend({
  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        const isLink = editor.isActive("link")
        if (editor.state.selection.empty && !isLink) return false
        const words = (name) => label(textareaOf(editor), name)
        const fields = [{ name: "href", type: "url", label: words("address"), value: editor.getAttributes("link").href ?? "https://" }]
        ask({ title: words("link"), fields, submit: words("apply"), cancel: words("cancel") }).then((answer) => {
          const chain = editor.chain().focus()
          if (answer) chain.extendMarkRange("link").setLink({ href: answer.href.trim() })
          chain.run()
        })
        return true
      },
    }
  },
})

export const Table = StockTable.extend({
  addCommands() {
    return {
      ...this.parent?.(),
      insertTableWithOptions: () => ({ editor }) => {
        const words = (name) => label(textareaOf(editor), name)
        const number = (name, value) => ({ name, type: "number", label: words(name), value, min: 1, max: 30 })
        const fields = [number("rows", 3), number("columns", 3)]
        ask({ title: words("table"), fields, submit: words("insert"), cancel: words("cancel") }).then((answer) => {
          const chain = editor.chain().focus()
          if (answer) chain.insertTable({ rows: Number(answer.rows), cols: Number(answer.columns), withHeaderRow: true })
          chain.run()
        })
        return true
      },
    }
  },
})

const GROUPS = ["history", "headings", "marks link", "lists", "nodes -blockType -lists", "table"]

export const Menu = StockMenu.extend({
  onCreate(event) {
    this.options.items = ({ editor, buttons, menu }) =>
      GROUPS.map((group) => menu.buttonGroup({ editor, buttons }, menu.items(group)))
    this.parent?.(event)
    const textarea = textareaOf(event.editor)
    toolbar(this.storage.dom, event.editor, textarea)
    countWords(event.editor, textarea)
  },
})
