const TROUBLE: Readonly<Record<string, string>> = {
  denied: 'You did not give permission at Google, so the calendar was not connected.',
  'scope-missing': 'A permission for the calendar was left out at Google. Try again and leave all of them ticked.',
  'no-refresh-token': 'Google sent no lasting permission. Try again.',
  'not-teacher': 'That Google account is not the one of the invitation. Choose yours when you try again.',
  'email-taken': 'That address belongs to another Google account at the academy. Ask the academy to invite another address of yours.',
  'other-teacher': 'You already give classes with that account under another address. Ask the academy to put it right.',
  expired: 'That attempt is over. Try again.',
  unavailable: 'We could not reach Google. Try again in a few minutes.',
}

/** The words of `text.es.ts`, in English. */
export const INVITATION = {
  title: 'Connect your calendar',
  hello: (name: string) => `Hello, ${name}.`,
  what: (academy: string) =>
    `${academy} invites you to give classes. To offer your free hours and to make each class with its Meet link, it needs permission to use your Google Calendar.`,
  account: (email: string) => `Choose the account ${email} and leave what Google asks for ticked. You need not sign up.`,
  connect: 'Connect with Google',
  done: 'Your calendar is connected. You can close this page.',
  invalid: 'This link does not work or is over. Ask the academy for a new one.',
  trouble: (reason: string) => (Object.hasOwn(TROUBLE, reason) && TROUBLE[reason]) || 'The calendar could not be connected. Try again.',
}
