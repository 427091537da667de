/** Position of a slot in the table: row among the rows with hours, column among the days. */
type Cell = { row: number; column: number; input: HTMLInputElement }

/**
 * Arrow keys in the week. The browser walks radio buttons in reading order; here up and down stay in the day, left and
 * right stay in the hour, and taken slots are stepped over.
 */
export function mountArrows(form: HTMLFormElement, signal: AbortSignal): void {
  form.addEventListener(
    'keydown',
    (event) => {
      const input = event.target
      if (!(input instanceof HTMLInputElement) || input.name !== 'start') return
      const step = STEPS[event.key]
      if (!step || !form.querySelector('.week thead')?.checkVisibility()) return
      event.preventDefault()
      const cells = cellsOf(form)
      const here = cells.find((cell) => cell.input === input)
      const next = here && nextCell(cells, here, step)
      if (!next) return
      next.input.checked = true
      next.input.focus()
      next.input.dispatchEvent(new Event('change', { bubbles: true }))
    },
    { signal },
  )
}

type Step = { axis: 'row' | 'column'; by: 1 | -1 }

const STEPS: Record<string, Step | undefined> = {
  ArrowUp: { axis: 'row', by: -1 },
  ArrowDown: { axis: 'row', by: 1 },
  ArrowLeft: { axis: 'column', by: -1 },
  ArrowRight: { axis: 'column', by: 1 },
}

/** The nearest cell on the same line in the direction of the step; undefined at the edge. */
export function nextCell<T extends { row: number; column: number }>(cells: readonly T[], here: T, { axis, by }: Step): T | undefined {
  const other = axis === 'row' ? 'column' : 'row'
  return cells
    .filter((cell) => cell[other] === here[other] && (cell[axis] - here[axis]) * by > 0)
    .sort((a, b) => (a[axis] - b[axis]) * by)[0]
}

function cellsOf(form: HTMLElement): Cell[] {
  const rows = [...form.querySelectorAll<HTMLTableRowElement>('.week tbody tr:not(.week-period)')]
  return rows.flatMap((tr, row) =>
    [...tr.cells].flatMap((td, column) => {
      const input = td.querySelector<HTMLInputElement>('input:not(:disabled)')
      return input ? [{ row, column, input }] : []
    }),
  )
}
