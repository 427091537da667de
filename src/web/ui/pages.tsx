import { Icon } from './icons.tsx'

/** "Anterior", "Página n de m", "Siguiente"; nothing when there is only one page. Pages count from 1. `label` tells two of them on one page apart. */
export function Pages(props: { page: number; pagesTotal: number; hrefOf: (page: number) => string; label?: string }) {
  const { page, pagesTotal, hrefOf } = props
  if (pagesTotal <= 1) return null
  return (
    <nav class="pages" aria-label={props.label ?? 'Páginas'}>
      {page > 1 ? (
        <a class="btn btn-quiet" href={hrefOf(page - 1)} rel="prev">
          <Icon name="left" />
          Anterior
        </a>
      ) : (
        <span />
      )}
      <span class="tabular">
        Página {page} de {pagesTotal}
      </span>
      {page < pagesTotal ? (
        <a class="btn btn-quiet" href={hrefOf(page + 1)} rel="next">
          Siguiente
          <Icon name="right" />
        </a>
      ) : (
        <span />
      )}
    </nav>
  )
}
