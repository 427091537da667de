/** The words of `text.es.ts`, in English. */
export const PARTS = {
  withTeacher: (name: string) => `with ${name}`,
  skip: 'Skip to the content',
  description: 'Live English classes on Google Meet, alone or in a group. Choose a time, pay with Mercado Pago and come in.',
  back: 'No, go back',
  localTime: (time: string) => `Your time: ${time}`,
  activity: { none: 'Does not apply', pending: 'Pending', available: 'Available', done: 'Done' },
  group: (people: number, peopleMax: number) => `Group (${people}/${peopleMax})`,
  cancel: {
    question: (date: string, time: string) => `Cancel the class on ${date} at ${time}?`,
    yes: 'Yes, cancel',
    consequence: 'The code stops working and the time is free again.',
  },
  prices: { type: 'Class', total: 'Total', perPerson: 'Per person' },
  pages: {
    label: 'Pages',
    previous: 'Previous',
    next: 'Next',
    position: (page: number, total: number, more: boolean) => `Page ${page} of ${total}${more ? ' or more' : ''}`,
  },
  hold: {
    label: 'Booking to be paid',
    pass: 'See the class pass',
    more: (bookings: number) => (bookings === 1 ? 'See the other unfinished booking' : `See the other ${bookings} unfinished bookings`),
    left: 'You have',
    minutes: 'minutes left.',
    rejected: 'Your last payment was rejected.',
    notCharged: 'You were not charged.',
    question: 'Release this time?',
    yes: 'Yes, release it',
    consequence: 'Somebody else will be able to book it. You were not charged.',
    inProcess: 'Mercado Pago has not confirmed it yet: there is no need to pay again.',
    inReview: 'The amount differs from the price and a person is looking at it. There is no need to pay again.',
    slot: {
      held: (until: string) =>
        `Your time is kept until ${until}. If it is approved later, the time is still free and you have no other class then, the class is yours; otherwise you get all of it back.`,
      lapsed:
        'If it is approved, the time is still free and you have no other class then, the class is yours; otherwise you get all of it back.',
      'given-up': 'You released the time: if the payment is approved, you get all of it back.',
    },
  },
}

export const SHELL = {
  api: 'API documentation',
  homeLabel: 'HablaInglesYa, home',
  places: 'Main',
  menu: 'Menu',
  menuOf: (name: string) => `, menu of ${name}`,
  signIn: 'Sign in',
  slogan: 'HablaInglesYa. Live English classes, person to person.',
  zone: 'Argentine time',
  running: 'Your class is on now',
  startsIn: 'Starts in',
  next: (moment: string) => `Next class: ${moment}`,
  about: 'About HablaInglesYa',
  language: 'Language',
  theme: 'Theme',
  themes: { light: 'Light', dark: 'Dark', system: 'System' },
}
