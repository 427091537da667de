import { describe, expect, it } from 'vitest'
import { classStatus, json } from '../support/booking.ts'
import { expectCleanLog } from '../support/scene.ts'
import { cases, expectScheduledOnce, paidClass, runNext, TEACHER, teacherId, useMeetingBench, world } from './meeting-bench.ts'

useMeetingBench()

describe('a grant that ends while classes wait (behaviour 4.11; google.md 6)', () => {
  const mailsOfReconnecting = async () =>
    ((await world.control(`/mail?to=${TEACHER}&subject=${encodeURIComponent('volver a conectar')}`)) as { mails: unknown[] }).mails

  it('invalid_grant: disconnected, the teacher is told once however many classes wait, and after connecting again all get their event', async () => {
    const admin = await world.admin()
    const first = await paidClass(2)
    const second = await paidClass(2)
    await world.control(`/google/grants/${TEACHER}`, undefined, 'DELETE')
    await world.settle()
    expect(await json(admin.get('/api/admin/google'))).toMatchObject({ status: 'disconnected' })
    const disconnected = async () => (await cases(await teacherId())).filter(({ reason }) => reason === 'calendar_disconnected')
    expect(await disconnected()).toEqual([{ reason: 'calendar_disconnected', open: true }])
    for (const { classId } of [first, second, first]) await runNext('meeting.create', classId)
    const mails = async () => (await mailsOfReconnecting()).length
    expect(await mails()).toBe(1)
    expect(await classStatus(world, first.classId)).toBe('pending')

    await world.control('/google/settings', { autoApprove: TEACHER }, 'PATCH')
    const begun = await admin.submit('/api/admin/google/connect', {})
    const back = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' })
    await world.control('/google/settings', { autoApprove: null }, 'PATCH')
    const callback = new URL(back.headers.get('location') ?? '')
    const attempt = begun.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const done = await admin.get(callback.pathname + callback.search, { cookie: `${admin.cookie}; ${attempt}` })
    expect(done.headers.get('location')).toBe('/admin/google?ok=connected')
    await world.settle()
    await expectScheduledOnce(first)
    await expectScheduledOnce(second)
    expect(await disconnected()).toEqual([{ reason: 'calendar_disconnected', open: false }])
    expect(await mails()).toBe(1)
    expect(await json(admin.get('/api/admin/google'))).toMatchObject({ status: 'connected', lastError: null })
  })

  it('a grant that dies again after connecting again is told again', async () => {
    const paid = await paidClass(2)
    await world.control(`/google/grants/${TEACHER}`, undefined, 'DELETE')
    await world.settle()
    expect(await classStatus(world, paid.classId)).toBe('pending')
    expect(await mailsOfReconnecting()).toHaveLength(2)
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})
