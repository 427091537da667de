export const FILTERS = { label: 'Filter', upcoming: 'Upcoming', all: 'All' }

export const SEARCH = {
  label: 'Search your classes',
  hint: 'By objective, name, date (“26/11”, “November”) or status.',
  submit: 'Search',
  clear: 'Show all',
  found: (total: number) => (total === 1 ? '1 class found' : `${total} classes found`),
  nothing: (typed: string) => `We found no classes with “${typed}”.`,
  nothingHint: 'Try fewer words, another date or the name of whoever invited you.',
}

export const TOTALS = {
  label: 'Totals',
  total: (total: number) => (total === 1 ? '1 class' : `${total} classes`),
  scheduled: (total: number) => `${total} booked`,
  completed: (total: number) => `${total} completed`,
  cancelled: (total: number) => `${total} cancelled`,
}

export const ROW = {
  column: 'Details',
  open: 'See the class',
  openOf: (date: string, time: string) => `of ${date} at ${time}`,
  invitedBy: (name: string) => `${name} invited you`,
  attendance: (attended: boolean, minutes: number | null) =>
    attended ? (minutes === null ? 'You attended' : `You attended, ${minutes} minutes`) : 'You did not attend',
  withGuests: (names: string) => `With ${names}`,
}

export const EMPTY = {
  waiting: 'Once your booking is confirmed, you will see it here.',
  upcoming: 'You have no booked classes at the moment.',
  all: 'Your classes will be kept here, cancelled ones too.',
  book: 'Book a class',
}
