export const REVIEW = {
  title: 'Daily review',
  position: (done: number, total: number) => `Review ${done} of ${total}`,
  lead: 'What you missed comes back here just before you forget it: ten items a day at most.',
  answer: 'Answer',
  next: 'Next',
  finish: 'Finish for today',
  right: 'Right!',
  partly: 'Almost.',
  wrong: 'Not yet.',
  yours: 'Your answer:',
  none: 'not answered',
  correct: 'Correct:',
  comesBack: (date: string) => `Comes back on ${date}.`,
  allDone: 'You finished today’s review.',
  nothing: 'Nothing to review today.',
  nothingYet: 'Once you hand in an activity, what is worth reviewing appears here.',
  nextTomorrow: 'The next item comes back tomorrow.',
  nextOn: (date: string) => `The next item comes back on ${date}.`,
  toProgress: 'See my progress',
  toActivities: 'My activities',
  badAnswer: 'That answer is too long. Shorten it and try again.',
}

export const PROGRESS = {
  title: 'My progress',
  streak: 'Streak',
  days: (days: number) => (days === 1 ? '1 day in a row' : `${days} days in a row`),
  noStreak: 'Not started yet: today is a good day.',
  streakEnded: (days: number) =>
    days === 1 ? 'It ended: your best streak was 1 day.' : `It ended: your best streak was ${days} days in a row.`,
  streakHint: 'Every day counts on which you hand in an activity or do the review.',
  toReview: (items: number) => (items === 1 ? 'Review 1 item' : `Review ${items} items`),
  reviewDone: 'Today’s review is done.',
  level: 'Your estimated level',
  levelIs: (level: string, from: string, to: string) =>
    from === to ? `Close to ${level}, with 80% confidence.` : `Close to ${level}: with 80% confidence, between ${from} and ${to}.`,
  levelHow: (answers: number) =>
    answers === 0
      ? 'For now it is the level you chose in your settings. Every answer adjusts it.'
      : `It starts from the level you chose and is adjusted by ${answers === 1 ? 'your one answer' : `your ${answers} answers`}: getting hard items right raises it, missing easy ones lowers it. To master a level is to get three items of four right. The more answers, the narrower the band. It is an estimate, not an exam.`,
  levelTable: 'Estimated level',
  levelRows: { level: 'Most likely', band: 'With 80% confidence' },
  levelBand: (from: string, to: string) => (from === to ? `Close to ${from}` : `Between ${from} and ${to}`),
  topics: 'How well you know each topic',
  topicsHint: 'What is worth practising comes first. Your first try of each activity and your reviews count.',
  topicsEmpty: 'After your first activity you will see every topic here.',
  columns: { topic: 'Topic', mastery: 'Mastery', answers: 'Answers' },
  answers: (answers: number) => (answers === 1 ? '1 answer' : `${answers} answers`),
  propose: 'For your next class',
  proposeHint: 'With one of these as its objective, your teacher prepares the class around what is hardest for you:',
}
