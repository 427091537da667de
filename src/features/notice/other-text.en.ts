import { PATHS, type Wording } from './letter.ts'

export const activityReady: Wording = ({ when, activityId }) => ({
  subject: 'Your activity is ready',
  body: [`You can now do the activity of your class on ${when}: it practises what you saw and gives you feedback.`],
  action: { label: 'Start the activity', path: PATHS.activity(activityId) },
})

export const activityReminder: Wording = ({ when, activityId }) => ({
  subject: 'An activity is waiting for you',
  body: [`You have not done the activity of your class on ${when} yet. It takes a few minutes.`],
  action: { label: 'Start the activity', path: PATHS.activity(activityId) },
})

export const draftsReady: Wording = ({ when, hostName, classId }) => ({
  subject: 'Exercises are waiting for you',
  body: [
    `The exercises of the class of ${hostName} on ${when} are drafts: nobody else has seen them yet.`,
    'You can read, change and publish them. If you do nothing, they are published by themselves when their time is up.',
  ],
  action: { label: 'See the drafts', path: PATHS.workForTeacher(classId) },
})

export const textsWaiting: Wording = ({ when, hostName, classId }) => ({
  subject: 'A text is waiting to be marked',
  body: [
    `In the exercises of the class of ${hostName} on ${when} there is a text that waits for your marks. Without them it has no score.`,
  ],
  action: { label: 'Mark it', path: PATHS.workForTeacher(classId) },
})

export const ticketAnswered: Wording = ({ ticketNumber, ticketId }) => ({
  subject: `We answered your ticket ${ticketNumber}`,
  body: [`There is a new answer in your ticket ${ticketNumber}.`],
  action: { label: 'See the answer', path: PATHS.ticket(ticketId) },
})

export const calendarDisconnected: Wording = () => ({
  subject: 'Your Google calendar has to be connected again',
  body: [
    'Google no longer accepts the connection to your calendar. Paid classes wait: they complete themselves once you connect it again.',
  ],
  action: { label: 'Connect the calendar', path: PATHS.calendar },
})

export const linkMissing: Wording = ({ when, hostName, classId }) => ({
  subject: `A class has no link: ${when}`,
  body: [
    `The class of ${hostName} on ${when} (Argentine time) has no link that works.`,
    'We keep trying with Google. To make sure of it now, paste the link of another room on the page of the class: people enter with the same button as ever.',
  ],
  action: { label: 'See the class', path: PATHS.classForTeacher(classId) },
})

export const calendarTrialFailed: Wording = () => ({
  subject: 'Your calendar failed its daily trial',
  body: [
    'Every day we try whether events with a link can be made in your calendar. Today it did not work.',
    'Paid classes are not lost: they wait for their link. Have a look before your students notice.',
  ],
  action: { label: 'See the connection', path: PATHS.calendar },
})
