import { invitationUrl } from '../../src/features/academy/invitation.ts'
import { atGoogle, cookiesSet } from './google-pages.ts'
import type { Client, World } from './world.ts'

export interface SecondTeacher {
  id: string
  email: string
  client: Client
}

/** Somebody who gives classes beside the first teacher, with a calendar of their own that is connected, and who is no admin; signed in. */
export async function takeOn(world: World, name: string, email: string): Promise<SecondTeacher> {
  const admin = await world.admin()
  // Known as a student before: the invitation makes a teacher of the same account.
  const client = await world.signIn(email, name)
  await admin.submit('/admin/profesores', { name, email, calendarId: '' })
  const [row] = await world.rows<{ id: string; email: string }>('SELECT id, email FROM teacher WHERE email = $1', [email])
  if (!row) throw new Error(`${email} was not taken on`)
  const invitacion = new URL(invitationUrl(world.deps, row)).searchParams.get('invitacion') ?? ''
  const begun = await world.anonymous.submit('/api/teachers/connect', { invitacion })
  const callback = await atGoogle(begun.headers.get('location') ?? '', { email })
  const back = await world.app.request(callback.href, { headers: { cookie: cookiesSet(begun) } })
  if (!back.headers.get('location')?.includes('ok=connected'))
    throw new Error(`The calendar was not connected: ${back.headers.get('location')}`)
  await admin.submit(`/admin/profesores/${row.id}/estado`, { activo: '1' })
  return { ...row, client }
}
