/** The words of `text.es.ts`, in English. */
export const RESCHEDULE = {
  title: 'Reschedule class',
  now: { with: (name: string) => ` with ${name}`, on: ', now on ', from: ', ' },
  leave: 'Leave it as it is',
  policy: {
    title: 'Before you change it',
    movesLeft: (moves: number, untilHours: number) => `${movesLeft(moves)}, until ${untilHours} hours before it begins.`,
    refundKept: (hours: number) =>
      `If you cancel it later, you get all of it back until ${hours} hours before the new time. If the new time is less than ${hours} hours away, cancelling gives nothing back.`,
    slotTooSoon: (hours: number) => `This time is less than ${hours} hours away: if you move to it and cancel later, there is no refund.`,
    refundLapses: (hours: number) => `Less than ${hours} hours to go: if you move it and cancel it later, there is no refund.`,
    refundLapsed: 'If you cancel it later, there is no refund.',
    told: 'The host gets a mail with the new code, and so do the guests.',
    notCounted: 'It does not use up any of the moves of the host.',
    same: 'The price, the link of the class and the people who joined stay the same.',
    sameAlone: 'The price and the link of the class stay the same.',
    code: 'The code changes: the old one stops working.',
  },
  change: { title: 'The change', from: 'Now', to: 'Moves to', time: 'New time' },
  submit: 'Move to this time',
  missing: 'Choose a time to go on.',
}

function movesLeft(moves: number): string {
  if (moves === 1) return 'This is the last time you can move this class'
  return `You can move this class ${moves === 2 ? 'two' : moves} more times`
}
