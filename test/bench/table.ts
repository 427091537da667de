import { type Figure, isMet, ratio, type Spread, spread } from './figures.ts'

const NAME_WIDTH = 58
const VALUE_WIDTH = 34
const RATIO_WIDTH = 24

/** The figures as lines of text, grouped. */
export function tableLines(figures: readonly Figure[]): string[] {
  const lines: string[] = []
  let group = ''
  for (const figure of figures) {
    if (figure.group !== group) {
      group = figure.group
      lines.push('', `── ${group}`)
    }
    const of = ratio(figure)
    const words = [
      figure.name.padEnd(NAME_WIDTH),
      `${rangeOf(spread(figure.values), numberOf)} ${figure.unit}`.padEnd(VALUE_WIDTH),
      (of ? `× ${rangeOf(of, (value) => value.toFixed(2))}` : '').padEnd(RATIO_WIDTH),
      targetOf(figure),
      figure.note ?? '',
    ]
    lines.push(`   ${words.join(' ').trimEnd()}`)
  }
  return lines
}

/** How busy the machine is beside the bench, or was made by it: `os.loadavg()` in words. */
export function loadWords(load: readonly number[]): string {
  return `load average ${load.map((processes) => processes.toFixed(2)).join(', ')} (1, 5, 15 min)`
}

/** The same for the documentation. */
export function markdownLines(figures: readonly Figure[]): string[] {
  const lines: string[] = []
  let group = ''
  for (const figure of figures) {
    if (figure.group !== group) {
      group = figure.group
      lines.push('', `### ${group}`, '', '| what | median (min–max) | ratio | target | |', '| --- | --- | --- | --- | --- |')
    }
    const of = ratio(figure)
    const cells = [
      figure.name,
      `${rangeOf(spread(figure.values), numberOf)} ${figure.unit}`,
      of ? `${rangeOf(of, (value) => value.toFixed(2))} of ${figure.limit?.name}` : '',
      targetOf(figure),
      figure.note ?? '',
    ]
    lines.push(`| ${cells.join(' | ')} |`)
  }
  return lines
}

function rangeOf({ median, min, max }: Spread, word: (value: number) => string): string {
  return min === max ? word(median) : `${word(median)} (${word(min)}–${word(max)})`
}

function numberOf(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function targetOf(figure: Figure): string {
  const { target } = figure
  if (!target) return ''
  const wanted = 'atLeast' in target ? `≥ ${target.atLeast}` : 'atMost' in target ? `≤ ${target.atMost}` : `= ${target.exactly}`
  return `${wanted} ${isMet(figure) ? 'met' : 'MISSED'}`
}
