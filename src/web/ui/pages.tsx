import { Icon } from './icons.tsx'

/** "Anterior", "Página n de m", "Siguiente"; nothing when there is only one page. Pages count from 1. */
export function Pages({ page, pagesTotal, hrefOf }: { page: number; pagesTotal: number; hrefOf: (page: number) => string }) {
  if (pagesTotal <= 1) return null
  return (
    <nav class="pages" aria-label="Páginas">
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
