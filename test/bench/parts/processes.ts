import { cpus } from 'node:os'
import { pin, spreadOut } from '../cores.ts'
import { type Figure, interleave } from '../figures.ts'
import type { Server, Stage } from '../stage.ts'
import { academyWithStudent, CONNECTIONS, loadAt, type Subject } from './pages.ts'

const COUNTS = [1, 2, 3] as const
const PAGES: readonly Subject[] = [
  { name: 'Mis Clases', path: '/inicio/mis-clases-virtuales' },
  { name: 'Reservas', path: '/inicio/reservas' },
]

/**
 * The same load on one, two and three web processes over one PostgreSQL, which share all cores with it and with the load: what another process brings on
 * this machine. With as many cores as processes, PostgreSQL and load need together it would be as much again.
 */
export async function processes(stage: Stage): Promise<Figure[]> {
  const { rounds, seconds } = stage.options
  const { cores } = stage
  // Whatever is started from here on runs where this process may.
  spreadOut(process.pid)
  if (cores) stage.atEnd(async () => pin(process.pid, cores.rest))
  const { url } = await academyWithStudent(stage, 'processes')
  const servers: Server[] = []
  for (const _ of COUNTS) servers.push(await stage.product({ DATABASE_URL: url, PROCESS_ROLE: 'web' }))
  for (const { pid } of servers) spreadOut(pid)
  const nameOf = (page: Subject, count: number) => `${page.name}, ${count} ${count === 1 ? 'process' : 'processes'}`
  const subjects = PAGES.flatMap((page) =>
    COUNTS.map((count) => {
      const loads = servers.slice(0, count).map((server) => loadAt(server, page, seconds, Math.round(CONNECTIONS / count)))
      return {
        name: nameOf(page, count),
        run: async () => (await Promise.all(loads.map((load) => load()))).reduce((sum, each) => sum + each, 0),
      }
    }),
  )
  for (const { run } of subjects) await run()
  const values = await interleave(rounds, subjects, stage.tell)
  return PAGES.flatMap((page) => {
    const one = { name: 'one process', values: values[nameOf(page, 1)] ?? [] }
    return COUNTS.map((count) => ({
      group: `Web processes on one PostgreSQL, all on ${cpus().length} cores with the load`,
      name: nameOf(page, count),
      unit: '/s',
      values: values[nameOf(page, count)] ?? [],
      ...(count === 1 ? {} : { limit: one }),
    }))
  })
}
