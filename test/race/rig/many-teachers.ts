import type { World } from '../../support/world.ts'

/** So many in all, each with hours and a calendar: of every second one free/busy was read last, and of one the reading is too old to be believed. */
export async function takeOnTeachers(world: World, count: number): Promise<void> {
  const now = world.clock.now()
  await world.rows(
    `INSERT INTO teacher (id, email, display_name, created_at, updated_at)
     SELECT gen_random_uuid(), 'otra.' || n || '@volumen.test', 'Otra ' || n, $1::timestamptz - interval '1 hour', $1
     FROM generate_series(1, $2::int - (SELECT count(*) FROM teacher)) AS n`,
    [now, count],
  )
  await world.rows('UPDATE teacher SET active = true')
  await world.rows(
    `INSERT INTO opening_interval (teacher_id, weekday, opens, closes)
     SELECT id, weekday, '09:00', '21:00' FROM teacher, generate_series(1, 6) AS weekday ON CONFLICT DO NOTHING`,
  )
  await world.rows(
    `INSERT INTO google_connection (teacher_id, id, subject, email, scopes, sealed_refresh_token, status, connected_at, updated_at)
     SELECT id, gen_random_uuid(), id, email, '{}', '', 'disconnected', $1, $1 FROM teacher ON CONFLICT (teacher_id) DO NOTHING`,
    [now],
  )
  await world.rows(
    `INSERT INTO busy_snapshot (teacher_id, covers_from, covers_to, read_at)
     SELECT id, $1::timestamptz - interval '1 day', $1::timestamptz + interval '65 days', $1::timestamptz - CASE n WHEN 4 THEN interval '1 hour' ELSE interval '0' END
     FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS n FROM teacher) AS numbered
     WHERE n % 2 = 0 ON CONFLICT (teacher_id) DO UPDATE SET read_at = excluded.read_at`,
    [now],
  )
  await world.rows(
    `INSERT INTO calendar_sync (teacher_id, read_at, covers_to) SELECT id, $1::timestamptz, $1::timestamptz + interval '65 days' FROM teacher
     WHERE id NOT IN (SELECT teacher_id FROM busy_snapshot) ON CONFLICT (teacher_id) DO UPDATE SET read_at = excluded.read_at`,
    [now],
  )
  await world.rows(
    `INSERT INTO busy_interval (teacher_id, starts_at, ends_at)
     SELECT teacher_id, at, at + interval '2 hours' FROM busy_snapshot, generate_series($1::timestamptz, $1::timestamptz + interval '30 days', '1 day') AS at`,
    [now],
  )
}

/** There may be no more than thirty: one of those makes room for another. */
export async function makeRoomForTeacher(world: World): Promise<void> {
  for (const table of ['opening_interval', 'google_connection', 'busy_interval', 'busy_snapshot', 'calendar_sync'])
    await world.rows(`DELETE FROM ${table} WHERE teacher_id = (SELECT id FROM teacher WHERE email = 'otra.1@volumen.test')`)
  await world.rows(`DELETE FROM teacher WHERE email = 'otra.1@volumen.test'`)
}
