import { Icon } from './icons.tsx'
import { useText } from './language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

interface PagesProps {
  /** From 1 on. */
  page: number
  pagesTotal: number
  /** There are more than that: they were not counted to the end. */
  more?: boolean
  hrefOf: (page: number) => string
  /** Tells two of them on one page apart. */
  label?: string
}

/** "Anterior", "Página n de m", "Siguiente"; nothing when there is only one page. */
export function Pages(props: PagesProps) {
  const { page, pagesTotal, hrefOf } = props
  const words = useText({ es, en }).PARTS.pages
  if (pagesTotal <= 1) return null
  return (
    <nav class="pages" aria-label={props.label ?? words.label}>
      {page > 1 ? (
        <a class="btn btn-quiet" href={hrefOf(page - 1)} rel="prev">
          <Icon name="left" />
          {words.previous}
        </a>
      ) : (
        <span />
      )}
      <span class="tabular">{words.position(page, pagesTotal, props.more ?? false)}</span>
      {page < pagesTotal ? (
        <a class="btn btn-quiet" href={hrefOf(page + 1)} rel="next">
          {words.next}
          <Icon name="right" />
        </a>
      ) : (
        <span />
      )}
    </nav>
  )
}
