/** The words of `text.es.ts`, in English. */
export const WEEK = {
  caption: 'Times of the week.',
  periods: { morning: 'Morning', afternoon: 'Afternoon', evening: 'Evening' },
  today: ', today',
  days: 'Days of the week',
  weeks: 'Weeks',
  previous: { word: 'Previous', label: 'Previous week' },
  next: { word: 'Next', label: 'Next week' },
  nextFree: (moment: string) => `Next free time: ${moment}`,
  noneFree: 'Nothing is free at the moment',
  emptyWeek: 'Nothing is free this week.',
  emptyWeekNext: (moment: string) => `See the next one: ${moment}`,
  emptyHorizon: 'Look again tomorrow: a new day opens every day.',
  emptyDay: 'Nothing is left on this day. Try another one.',
  unavailable: 'Not available',
  legend: 'Key',
  yourChoice: 'Your choice',
  jump: 'Go to a date',
  go: 'Go',
  month: 'See the month',
}

export const ALTERNATIVES = {
  nearest: '. These are the nearest:',
  none: '. Choose another one in the grid.',
}

export const CHOICE = {
  date: 'Date',
  time: 'Time',
  choose: 'Choose a time',
  none: '—',
}

export const TEACHER = {
  question: 'With whom?',
  any: 'Anyone',
  name: 'Teacher',
  whoever: 'Whoever is free',
}

export const DETAILS = {
  lead: {
    before: 'Choose when you want to ',
    marked: 'speak English',
    after: (minutes: number) => `. It is ${minutes} minutes on Google Meet.`,
  },
  type: 'Kind of class',
  alone: 'just you',
  group: '2 to 5 people',
  people: 'Number of students',
  peopleHint: ', counting you',
  peopleMissing: 'Choose how many people',
  askPeople: 'Choose how many you will be',
  objective: 'Objective of the class',
  optional: '(optional)',
  objectiveIdeas: 'Worth practising:',
  objectiveExample: 'Practise a job interview',
  prices: 'Price per class',
  total: 'Total price',
  perPerson: (money: string) => `${money} per person`,
  seeDetails: 'See the details',
  kept: (minutes: number) => `We keep the time for ${minutes} minutes while you pay.`,
  refund: (hours: number) => `Cancel up to ${hours} hours before and get all of it back.`,
}
