// The line under the text: words and minutes, as the server counts them.

const WORDS_A_MINUTE = 200

export function countWords(editor, textarea) {
  const line = document.querySelector(`[data-count-for="${CSS.escape(textarea.id)}"]`)
  if (!line) return
  const show = () => {
    const words = editor.getText().match(/[\p{L}\p{N}]+(?:['’.,-][\p{L}\p{N}]+)*/gu)?.length ?? 0
    const minutes = Math.max(1, Math.round(words / WORDS_A_MINUTE))
    line.querySelector("[data-words]").textContent = words.toLocaleString(document.documentElement.lang)
    line.querySelector("[data-minutes]").textContent = words ? minutes : 0
  }
  editor.on("update", show)
  show()
}
