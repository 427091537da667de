import { Icon } from './icons.tsx'

/** Prints the page; only the browser's script can, so without one there is no button. */
export function PrintButton({ label }: { label: string }) {
  return (
    <button type="button" class="btn btn-quiet" data-print hidden>
      <Icon name="page" />
      {label}
    </button>
  )
}
