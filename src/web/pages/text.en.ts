export const SIGN_IN = {
  title: 'Sign in',
  chosen: (date: string, time: string) => `You chose ${date}, ${time}. Sign in and go on with that time.`,
  why: 'We use your Google account to know who you are and so that you can join Meet without knocking.',
  google: 'Sign in with Google',
  what: 'We only see your name, your photo and your e-mail. Never your calendar or your contacts.',
  accept: 'By signing in you accept the',
  terms: 'terms and conditions',
  and: 'and the',
  privacy: 'privacy policy',
  errors: {
    denied: 'You did not give permission at Google, so you are not signed in. You can try again whenever you like.',
    'unverified-email': 'The e-mail of your Google account is not verified. Verify it at Google and try again.',
    'email-taken': 'That e-mail belongs to another Google account already. Sign in with the account you always use.',
    expired: 'Your attempt to sign in has expired. Try again.',
    failed: 'We could not reach Google. Try again in a few minutes.',
  },
}

export const ERRORS = {
  foreignOrigin: 'This form was sent from another site',
  403: 'If you think this is a mistake, sign out and sign in again with the right account.',
  404: { title: 'We could not find this page', text: 'Perhaps the address is misspelt or the page is no longer there.' },
  429: { title: 'Too many requests', text: 'Try again in a few minutes.' },
  503: { title: 'We cannot serve you right now', text: 'Try again in a few minutes.' },
  busy: 'Many people are here at once. Try again in a few seconds: nothing was saved or charged.',
  unexpected: { title: 'Something went wrong', text: 'Try again in a few minutes. If you were paying, your payment is not lost.' },
  toClasses: 'Go to My virtual classes',
  toHome: 'Go home',
  toHelp: 'Ask for help',
  toGuide: 'Read the guide',
}
