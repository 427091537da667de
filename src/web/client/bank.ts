/** Turns the words of `[data-bank]` into buttons: a word is written into the answer, and taken back by the second press. */
export function mountBank(root: ParentNode): void {
  for (const list of root.querySelectorAll<HTMLElement>('[data-bank]')) {
    const fields = [...(list.closest('form')?.querySelectorAll<HTMLInputElement>('input[name=r]') ?? [])]
    if (fields.length > 0) mount(list, fields)
  }
}

function mount(list: HTMLElement, fields: readonly HTMLInputElement[]): void {
  const buttons = [...list.children].map((entry) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...entry.childNodes)
    entry.append(button)
    return button
  })
  const wordOf = (button: HTMLElement) => button.textContent ?? ''
  const isPressed = (button: HTMLElement) => button.getAttribute('aria-pressed') === 'true'
  // Of two buttons with the same word, the one that was pressed stays pressed.
  const show = (first?: HTMLElement) => {
    const order = [...buttons].sort((a, b) => rank(b) - rank(a))
    const used = usedWords(
      fields.map(({ value }) => value),
      order.map(wordOf),
    )
    order.forEach((button, index) => {
      button.setAttribute('aria-pressed', String(used[index]))
    })
    function rank(button: HTMLElement): number {
      return button === first ? 2 : isPressed(button) ? 1 : 0
    }
  }
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const word = wordOf(button)
      const wasPressed = isPressed(button)
      if (wasPressed) button.setAttribute('aria-pressed', 'false')
      const field = wasPressed
        ? fields.findLast(({ value }) => withoutWord(value, word) !== value)
        : (fields.find(({ value }) => value.trim() === '') ?? fields.at(-1))
      if (!field) return
      if (wasPressed) field.value = withoutWord(field.value, word)
      else field.value = list.dataset['bank'] === 'gaps' ? word : withWord(field.value, word)
      field.dispatchEvent(new Event('input', { bubbles: true }))
      show(wasPressed ? undefined : button)
    })
  }
  for (const field of fields) field.addEventListener('input', () => show())
  show()
}

/** The answer with the word at its end. */
export function withWord(answer: string, word: string): string {
  return `${answer.trimEnd()} ${word}`.trimStart()
}

/** The answer without the last such word; the same answer when it is not there. */
export function withoutWord(answer: string, word: string): string {
  const padded = ` ${answer} `
  const at = padded.toLowerCase().lastIndexOf(` ${word.toLowerCase()} `)
  return at < 0 ? answer : `${padded.slice(0, at)} ${padded.slice(at + word.length + 2)}`.trim()
}

/** Which of the words stand in the answers; a word that is there once serves one of them. */
export function usedWords(answers: readonly string[], words: readonly string[]): boolean[] {
  const rest = [...answers]
  return words.map((word) => {
    const at = rest.findLastIndex((answer) => withoutWord(answer, word) !== answer)
    if (at >= 0) rest[at] = withoutWord(rest[at] ?? '', word)
    return at >= 0
  })
}
