import { expect, it } from 'vitest'
import { TeacherParts } from './teacher-parts.tsx'
import type { TeacherView } from './view.ts'

const VIEW: TeacherView = {
  room: { state: 'room', host: 'zoom.us', enterHref: null, typed: '', error: null },
  attendance: { canMark: true, people: [{ userId: 'u1', name: 'Ana', attended: true, minutes: null, source: 'manual' }] },
}

it('the room and the marks of a class say what they are, and not that the reader chose them: admin and teacher both may have', async () => {
  const html = String(await (<TeacherParts base="/profe/clases/c1" view={VIEW} />))
  expect(html).toContain('En otra sala: zoom.us')
  expect(html).toContain('marcado a mano')
})
