import { Icon } from './icons.tsx'

/** Questions that open on a click, each a native `<details>`. */
export function Questions({ of }: { of: readonly { question: string; answer: string }[] }) {
  return (
    <div class="questions">
      {of.map(({ question, answer }) => (
        <details class="question">
          <summary>
            {question}
            <Icon name="plus" />
          </summary>
          <p class="soft measure">{answer}</p>
        </details>
      ))}
    </div>
  )
}
