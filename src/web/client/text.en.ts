/** The words of `text.es.ts`, in English. */
export const SCRIPT = {
  copy: (code: string) => `Copy the code ${code}`,
  copied: 'Copied!',
  yourTime: (time: string) => `Your time: ${time}`,
  signedOut: 'You are not signed in. Sign in again.',
  joinFailed: 'The class could not be opened. Try again.',
}
