import { describe, expect, it } from 'vitest'
import { type MailChoices, wantsMail } from './choices.ts'
import { NOTICE_KINDS } from './kinds.ts'

const NONE: MailChoices = { dayBefore: false, hourBefore: false, activity: false, newsletter: false }
const ALL: MailChoices = { dayBefore: true, hourBefore: true, activity: true, newsletter: true }
const BY_CHOICE = [
  ['reminder-24h', 'dayBefore'],
  ['reminder-60min', 'hourBefore'],
  ['activity-ready', 'activity'],
  ['activity-reminder', 'activity'],
  ['newsletter', 'newsletter'],
] as const

describe('which mails a person gets', () => {
  it.each(NOTICE_KINDS.filter((kind) => BY_CHOICE.every(([chosen]) => chosen !== kind)))(
    '%s is sent to everybody, whatever they chose',
    (kind) => {
      expect(wantsMail(NONE, kind)).toBe(true)
    },
  )

  it.each(BY_CHOICE)('%s follows its own choice and no other', (kind, choice) => {
    expect(wantsMail({ ...NONE, [choice]: true }, kind)).toBe(true)
    expect(wantsMail({ ...ALL, [choice]: false }, kind)).toBe(false)
  })
})
