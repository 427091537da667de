/** Passes on a device: one cache per person, "pass-<owner>". */
export const PASS_PREFIX = 'pass-'

/**
 * One change of the saved passes after the other, whoever makes it: the service worker may still be writing a pass while the next page takes away
 * those of classes that were cancelled. Browsers without locks (Safari before 15.4) take them away with the page after that.
 */
export function changePasses<T>(change: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request('passes', change) : change()
}
