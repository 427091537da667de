const ARGENTINA = 'America/Argentina/Buenos_Aires'

/** "22:00" or, when the date differs from Argentina's, "01:00 (27/11)"; null when both walls read the same. */
export function localTime(instant: Date, zone: string): string | null {
  const there = wall(instant, ARGENTINA)
  const here = wall(instant, zone)
  if (here.date === there.date && here.time === there.time) return null
  return here.date === there.date ? here.time : `${here.time} (${here.date})`
}

/** The Argentine wall as a sentence needs it: { date: "26/11", time: "18:00" }. */
export function argentineWall(instant: Date): { date: string; time: string } {
  return wall(instant, ARGENTINA)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function wall(instant: Date, zone: string): { date: string; time: string } {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('es-AR', {
      timeZone: zone,
      day: '2-digit',
      month: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  formats.set(zone, format)
  // "4/10" is how this locale writes a date, whatever it is asked for.
  const part = (type: string) => (format.formatToParts(instant).find((each) => each.type === type)?.value ?? '').padStart(2, '0')
  return { date: `${part('day')}/${part('month')}`, time: `${part('hour')}:${part('minute')}` }
}
