import { fillVolume, type Volume } from '../../support/volume.ts'
import { addressOf, cookieOf, signIn } from '../cast.ts'
import { type Figure, interleave } from '../figures.ts'
import { ask, shot, volley } from '../load.ts'
import { type Server, type Stage, withClient } from '../stage.ts'

export const CONNECTIONS = 16
const STUDENT = 1

export interface Subject {
  name: string
  path: string
  gzip?: boolean
}

const PAGES: readonly Subject[] = [
  { name: 'Mis Clases', path: '/inicio/mis-clases-virtuales' },
  { name: 'Reservas', path: '/inicio/reservas' },
  { name: 'Inicio', path: '/inicio' },
  { name: 'Mis Clases, compressed', path: '/inicio/mis-clases-virtuales', gzip: true },
]
const ENDPOINTS: readonly Subject[] = [
  { name: 'own classes', path: '/api/my-classes' },
  { name: 'availability of a week', path: '/api/availability' },
  { name: 'upcoming classes', path: '/api/upcoming-classes' },
]

/** Pages and JSON of a student with twenty classes, against a server that answers the same bytes without looking at anything. */
export async function pages(stage: Stage): Promise<Figure[]> {
  const { pageClasses, rounds, seconds } = stage.options
  const { url } = await academyWithStudent(stage, 'pages')
  const product = await stage.product({ DATABASE_URL: url, PROCESS_ROLE: 'web' })
  const answers = new Map<string, { text: string; isPage: boolean }>()
  for (const { path } of [...PAGES, ...ENDPOINTS]) {
    const { status, body } = await ask(product.port, shot(product.port, path, { cookie: cookieOf(STUDENT) }))
    if (status !== 200) throw new Error(`${path} was answered ${status}`)
    answers.set(path, { text: body.toString(), isPage: !path.startsWith('/api/') })
  }
  const bare = await stage.bare(Object.fromEntries(answers))
  const subjects = [...PAGES, ...ENDPOINTS].flatMap((subject) => [
    { name: `${subject.name}, bare`, run: loadAt(bare, subject, seconds) },
    { name: `${subject.name}, product`, run: loadAt(product, subject, seconds) },
  ])
  for (const { name, run } of subjects) {
    stage.tell(`warming up ${name}`)
    await run()
  }
  const values = await interleave(rounds, subjects, stage.tell)
  const figuresOf = (group: string, { name, path, gzip }: Subject): Figure[] => {
    const limit = values[`${name}, bare`] ?? []
    const bytes = answers.get(path)?.text.length ?? 0
    return [
      { group, name: `${name}: bare server (the limit)`, unit: '/s', values: limit, note: `${(bytes / 1_000).toFixed(1)} kB` },
      {
        group,
        name: `${name}: product`,
        unit: '/s',
        values: values[`${name}, product`] ?? [],
        limit: { name: 'the bare server', values: limit },
        ...(gzip ? {} : { target: { atLeast: 0.5 } }),
      },
    ]
  }
  const title = `of a student with 20 classes among ${pageClasses}, on PostgreSQL`
  return [
    ...PAGES.flatMap((page) => figuresOf(`Pages ${title}`, page)),
    ...ENDPOINTS.flatMap((endpoint) => figuresOf(`JSON ${title}`, endpoint)),
  ]
}

/** A database with as many classes as pages are asked for in, its calendar read, and a student of twenty classes who is signed in. */
export async function academyWithStudent(stage: Stage, name: string): Promise<{ url: string }> {
  const { pageClasses } = stage.options
  const { url } = await stage.database(name)
  await withClient(url, async (client) => {
    const now = new Date()
    const volume = await fillVolume(client, {
      classes: pageClasses,
      now,
      onStep: (table) => stage.tell(`${pageClasses} classes: ${table}`),
    })
    await signIn(client, [{ n: STUDENT, userId: volume.studentId }], now)
    await connectCalendar(client, volume, now)
  })
  return { url }
}

/** Loads one server with one page; returns what answers with how many a second. */
export function loadAt({ port }: Server, { path, gzip }: Subject, seconds: number, connections = CONNECTIONS): () => Promise<number> {
  let n = 0
  // Limits are counted by address; writing the request anew each time is what both sides pay for.
  const requests = Array.from({ length: 256 }, (_, address) =>
    shot(port, path, { cookie: cookieOf(STUDENT), headers: { ...addressOf(address), ...(gzip ? { 'accept-encoding': 'gzip' } : {}) } }),
  )
  return async () => {
    const done = await volley(port, { connections, seconds, next: () => requests[n++ % requests.length] ?? null })
    const bad = [...done.statuses].filter(([status]) => status !== 200)
    if (bad.length > 0) throw new Error(`${path} was answered ${JSON.stringify(bad)}`)
    return done.perSecond
  }
}

/** The volume brings what the calendar says, as read just now; this says whose it is. A reading is believed for half an hour. */
export async function connectCalendar(
  client: { query(text: string, values: unknown[]): Promise<unknown> },
  { teacherId }: Volume,
  now: Date,
): Promise<void> {
  await client.query(
    `INSERT INTO google_connection (teacher_id, id, subject, email, scopes, sealed_refresh_token, status, last_ok_at, connected_at, updated_at)
     VALUES ($1, gen_random_uuid(), 'bench', 'bench@bench.test', '{}', '', 'connected', $2, $2, $2)`,
    [teacherId, now.toISOString()],
  )
}

/** Reads the calendar anew, as far as anybody can tell. */
export async function refreshCalendar(client: { query(text: string, values: unknown[]): Promise<unknown> }, now: Date): Promise<void> {
  await client.query('UPDATE calendar_sync SET read_at = $1', [now.toISOString()])
}
