/** The words of `text.es.ts`, in English. */
export const PASS = {
  title: 'Class pass',
  label: (date: string, hours: string) => `Your class: ${date}, ${hours}`,
  saved: (time: string, date: string) => `No connection: this is how it was at ${time} on ${date}.`,
  retry: 'Try again',
  kept: 'Saved: this pass opens without a connection, too.',
  zone: 'Argentine time.',
  startsIn: 'Starts in',
  running: 'on now',
  link: {
    ready: 'Link ready',
    preparing: 'Preparing the link',
    cancelled: 'The class is cancelled',
    over: 'The class is over',
  },
  seen: (time: string) => `seen at ${time}`,
  code: 'Code for your guests',
  guestOf: (name: string) => `${name} invited you.`,
  with: (names: string) => `With you: ${names}.`,
  enter: 'To enter you need a connection and the button in My virtual classes.',
  classes: 'Go to My virtual classes',
  contact: 'If something does not work, write to',
}

export const OFFLINE_PAGE = {
  title: 'No connection',
  text: 'HablaInglesYa could not be reached. Check your internet and try again.',
  retry: 'Try again',
  passes: 'Passes saved on this device',
  none: 'No pass is saved. Open the pass of a class while you are connected and you will find it here.',
}
