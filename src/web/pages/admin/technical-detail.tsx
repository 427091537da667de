/** What helps whoever mends it and nobody else: there, but folded away. Nothing when there is none. */
export function TechnicalDetail({ text }: { text: string }) {
  if (text === '') return null
  return (
    <details class="technical">
      <summary>Detalle técnico</summary>
      <p class="soft">{text}</p>
    </details>
  )
}
