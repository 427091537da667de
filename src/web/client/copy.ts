import { pageText } from './language.ts'

const SHOWN_MS = 1_500

/** Turns `<code data-copy>` into a button that copies it; without a clipboard the code is selected instead. */
export function mountCopy(root: ParentNode): void {
  for (const code of root.querySelectorAll<HTMLElement>('code[data-copy]')) {
    const text = code.dataset['copy'] ?? ''
    const button = document.createElement('button')
    button.type = 'button'
    button.className = code.className
    // Not the code itself: the focus stays on the button when the code changes.
    button.dataset['key'] = 'copy'
    button.setAttribute('aria-label', pageText().copy(text))
    button.append(...code.childNodes)
    code.replaceWith(button)
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text)
        sayCopied(button)
      } catch {
        getSelection()?.selectAllChildren(button)
      }
    })
  }
}

function sayCopied(button: HTMLElement): void {
  if (button.querySelector('.copied')) return
  const word = document.createElement('span')
  word.className = 'copied'
  word.setAttribute('role', 'status')
  button.append(word)
  word.textContent = pageText().copied
  setTimeout(() => word.remove(), SHOWN_MS)
}
