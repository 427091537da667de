/** The words of `text.es.ts`, in English. */
export const PAGE = {
  nothingYet: 'When you book one, the button to enter and the code for your guests will be here.',
  book: 'Book a class',
  adviceTitle: 'To make it work',
  yourClasses: 'Your classes',
}

export const TICKET = {
  label: (date: string, hours: string) => `Your next class: ${date}, ${hours}`,
  running: 'on now',
  startsIn: 'starts in',
  buttonAt: (time: string) => `The button to enter appears at ${time}.`,
  invitedBy: (name: string) => `${name} invited you. You take part as a guest.`,
  linkReady: 'Link ready',
  yourCode: 'Code of your class:',
  codeNotNeeded: '(individual classes do not need it)',
  tapToCopy: 'Tap it to copy it.',
  whatsapp: 'Share on WhatsApp',
  invitation: (date: string, hours: string, address: string, code: string, minutes: number) =>
    `I invite you to my English class on ${date}, ${hours} (Argentine time). Go to ${address} and type the code ${code}. It works from ${minutes} minutes before.`,
  open: 'See the class',
  pass: 'Class pass',
}

export const PEOPLE = {
  title: 'With you',
  none: 'Nobody has joined yet.',
  joined: (time: string) => `Joined at ${time}`,
  entered: (time: string) => `entered at ${time}`,
  release: 'Release seat',
  releaseOf: (name: string) => ` of ${name}`,
  releaseQuestion: (name: string) => `Release the seat of ${name}?`,
  releaseYes: 'Yes, release it',
  releaseWhat: 'We tell them by mail, and the seat is free at once. They can come back with the same code.',
  alsoCode: 'And change the code',
}

export const CODE = {
  rotate: 'Change the code',
  rotateQuestion: 'Change the code?',
  rotateYes: 'Yes, change it',
  rotateWhat: 'The present code stops working. Whoever has joined stays in the class.',
  hostOnly: 'Only the host',
  when: (date: string, time: string) => `The class is on ${date} at ${time}, Argentine time.`,
  none: 'No code',
  ask: 'Ask whoever booked the class for the code of 8 characters.',
}

export const MOVE = {
  tooLate: (hours: number) => `Less than ${hours} ${hours === 1 ? 'hour' : 'hours'} left: it can no longer be rescheduled.`,
  usedUp: (times: number) => `You have already rescheduled it ${times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`}.`,
}

export const LEAVE = {
  label: 'Leave the class',
  question: 'Leave this class?',
  yes: 'Yes, leave',
  what: 'Your seat will be free. If you change your mind, the code lets you in again as long as there is room.',
}

export const ROW = {
  actions: (date: string, time: string) => `Actions for the class on ${date} at ${time}`,
  objective: 'Objective:',
  invitedBy: 'Invited by',
}

export const DONE = {
  cancelled: {
    full: 'The class is cancelled. You get all of it back through Mercado Pago.',
    none: 'The class is cancelled. There is no refund.',
  },
  refundLapsed:
    'Nothing was cancelled: while you were deciding, the time for a refund ran out. If you want to cancel all the same, ask for it again.',
  paidMeanwhile: 'Your payment came in meanwhile: the class is yours and we did not release it.',
  nowOn: (date: string, time: string) => `It is now on ${date}, ${time}.`,
  rescheduled: 'The class was moved. The code has changed: the old one no longer works.',
  released: 'The seat is free.',
  releasedWithCode: 'The seat is free and the code has changed: the old one no longer works.',
  rotated: 'The code has changed: the old one no longer works. Whoever had joined stays in the class.',
  left: 'You left the class.',
}
