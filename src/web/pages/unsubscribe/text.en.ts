const SORT = {
  dayBefore: 'the reminder the day before each class',
  hourBefore: 'the reminder the hour before each class',
  activity: 'messages about activities',
  newsletter: 'the newsletter',
} as const

export const title = 'Mails you get'
export const ask = (sort: keyof typeof SORT) => `Do you want to stop getting ${SORT[sort]}?`
export const rest = 'Mails about bookings, payments and changes are always sent.'
export const end = 'Stop getting them'
export const done = (sort: keyof typeof SORT) => `Done: we will not send you ${SORT[sort]} any more.`
export const settings = 'Choose which mails I get'
export const invalid = 'This link does not work. Open it whole from the mail, or choose which mails you get in your settings.'
