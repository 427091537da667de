/** What surrounds every mail; what a mail says lies in the `…-text.en.ts` beside. */
export const FRAME = {
  lang: 'en',
  greeting: (name: string) => (name ? `Hi ${name},` : 'Hi,'),
  zone: 'Argentine time',
  individual: 'Individual class',
  group: (seats: number) => `Group class, ${seats} people`,
  withTeacher: (name: string) => `with ${name}`,
  over: { cancelled: 'Cancelled', expired: 'Booking expired', released: 'You no longer have a place' },
  because: 'You get this mail because of a class, a payment or a question of yours at HablaInglesYa; this kind is always sent.',
  becauseTeacher: 'You get this mail because you teach the classes of HablaInglesYa.',
  becauseChosen: 'You get this mail because you have this kind of message turned on at HablaInglesYa.',
  choose: 'Choose which mails I get',
  unsubscribe: 'Stop getting this kind of mail',
} as const
