import { PATHS, type Particulars, type Wording } from './letter.ts'

const SEE_CLASSES = { label: 'See my classes', path: PATHS.classes }

const wayIn = (leadMinutes: number) => `The button to join appears in My Classes ${leadMinutes} minutes before.`

const codeHint = (leadMinutes: number) =>
  `Share this code only with the people who will take part. It works from ${leadMinutes} minutes before until the class ends.`

const whose = ({ isHost, hostName }: Particulars) => (isHost ? 'Your English class' : `${hostName}'s class`)

const DAY = { today: 'today', tomorrow: 'tomorrow', later: 'soon' } as const

export const preparing: Wording = ({ when }) => ({
  subject: 'Your payment was approved: we are preparing your class',
  body: [
    'Your payment was approved. We are preparing the link of your class.',
    `Your time is reserved: ${when} (Argentine time). We will write as soon as the class is confirmed. There is nothing you need to do.`,
    'If the class could not be prepared before it starts, we refund the full amount.',
  ],
  action: SEE_CLASSES,
})

export const confirmed: Wording = (facts) => ({
  subject: `Class confirmed: ${facts.when}`,
  body: [
    `Your English class is confirmed: ${facts.when} (Argentine time).`,
    facts.isGroup ? `Group class for ${facts.seats} people.` : 'Individual class.',
    ...(facts.objective ? [`Goal: ${facts.objective}`] : []),
    `You paid ${facts.amount} ARS.${facts.paymentId ? ` Payment ID: ${facts.paymentId}` : ''}`,
    wayIn(facts.leadMinutes),
  ],
  ...(facts.code ? { code: { label: 'Code for your guests', value: facts.code, hint: codeHint(facts.leadMinutes) } } : {}),
  action: SEE_CLASSES,
})

export const rescheduled: Wording = (facts) => ({
  subject: `Class moved: ${facts.when}`,
  body: [
    facts.byTeacher
      ? facts.isHost
        ? 'The teacher moved your English class to another time.'
        : `The teacher moved ${facts.hostName}'s class to another time.`
      : `${whose(facts)} moved to another time.`,
    `Now it is on ${facts.when} (Argentine time). Before, it was on ${facts.before}.`,
    wayIn(facts.leadMinutes),
  ],
  ...(facts.code
    ? {
        code: {
          label: 'New code',
          value: facts.code,
          hint: 'The old code no longer works. People who had joined stay in the class.',
        },
      }
    : {}),
  action: SEE_CLASSES,
})

export const cancelled: Wording = ({ when, isHost, hostName, refund, moneyGone }) => ({
  subject: `Class cancelled: ${when}`,
  body: [
    isHost ? `The class on ${when} was cancelled.` : `${hostName}'s class on ${when}, which you had joined, was cancelled.`,
    ...(isHost && moneyGone === 'returned' ? ['Mercado Pago told us that the payment for the class was returned to you.'] : []),
    ...(isHost && moneyGone === 'disputed' ? ['Mercado Pago told us that the payment for the class was disputed.'] : []),
    ...(refund === 'full' ? ['We refund the full amount through Mercado Pago.'] : []),
    ...(refund === 'rest' ? ['We refund the rest of your payment through Mercado Pago.'] : []),
    ...(refund === 'none' ? ['This cancellation has no refund.'] : []),
  ],
  action: { label: 'Book another class', path: PATHS.booking },
})

export const linkReady: Wording = (facts) => (facts.toTeacher ? roomChosen(facts) : linkChanged(facts))

const roomChosen: Wording = ({ when, hostName, classId, eventPage }) => ({
  subject: `Your class has another room: ${when}`,
  body: [
    `The class of ${hostName} on ${when} (Argentine time) takes place in another room, which the academy chose.`,
    'Its link is in the event of your calendar, as the location.',
  ],
  action: { label: 'See the class', path: eventPage || PATHS.classForTeacher(classId) },
})

const linkChanged: Wording = (facts) => ({
  subject: facts.wasBroken ? `The link of your class is ready again: ${facts.when}` : `Your class has another link: ${facts.when}`,
  body: [
    facts.wasBroken
      ? `The link of the class on ${facts.when} (Argentine time) is ready again.`
      : `The class on ${facts.when} (Argentine time) has another link.`,
    'If you had saved the old one, it no longer works: join with the button in My Classes.',
    wayIn(facts.leadMinutes),
  ],
  action: SEE_CLASSES,
})

export const reminderDay: Wording = (facts) => ({
  subject: `Reminder: your class is ${DAY[facts.day]}, ${facts.when}`,
  body: [
    `${whose(facts)} is ${DAY[facts.day]}: ${facts.when} (Argentine time).`,
    wayIn(facts.leadMinutes),
    ...(facts.code ? ['The code for your guests is in My Classes.'] : []),
  ],
  action: SEE_CLASSES,
})

export const reminderHour: Wording = (facts) => ({
  subject: `Your class starts at ${facts.startTime}`,
  body: [
    `${whose(facts)} starts ${DAY[facts.day]} at ${facts.startTime} (Argentine time).`,
    'Join with the button in My Classes. Check your microphone and camera first.',
  ],
  action: { label: 'Go to my class', path: PATHS.classes },
})

export const seatReleased: Wording = ({ when, hostName, byTeacher }) => ({
  subject: `You no longer have a place in the class: ${when}`,
  body: [
    byTeacher
      ? `The teacher released your place in ${hostName}'s class on ${when} (Argentine time).`
      : `${hostName} released your place in the class on ${when} (Argentine time).`,
    'There is nothing you need to do. If you think it is a mistake, write to the person who invited you.',
  ],
  action: SEE_CLASSES,
})
