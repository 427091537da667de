import type { Policy } from '../policy.ts'

export const LANDING = {
  title: 'Live English classes',
  promise: 'Speak English with a real teacher,',
  promiseMarked: 'at a time that suits you',
  lead: (minutes: number) =>
    `${minutes} minutes live on Google Meet, on your own or with up to four more people. You choose, pay with Mercado Pago and join.`,
  signIn: 'Sign in with Google',
  slots: {
    title: 'Next free times',
    hint: 'Tap one and go on with that time.',
    none: 'Everything is booked for now. Have another look tomorrow: a new day opens every day.',
    unreadable: 'We could not read the timetable just now. Sign in and choose your time under Book, or look again in a few minutes.',
    all: 'See all times',
    zone: 'Argentine time',
  },
  how: {
    title: 'How it works',
    steps: [
      { title: 'Choose your time', text: 'The grid shows what is free. Tell us what you want to practise, if you know already.' },
      { title: 'Pay with Mercado Pago', text: 'We keep the time while you pay. Once it is approved, the class is yours.' },
      { title: 'Join the class', text: 'The button to join appears before it begins. For a group, you invite with a code.' },
    ],
    guide: 'Read the guide step by step',
  },
  prices: {
    title: 'What it costs',
    text: 'The price is per class, in Argentine pesos. From three people on it is less for each, and one person pays for all.',
    caption: 'Total and per-person price of each class',
    policy: (hours: number) => `If you cancel at least ${hours} hours before, you get all of it back.`,
  },
  teacher: {
    title: 'Who teaches you',
    photo: (name: string) => `Photo of ${name}`,
    write: 'Write to us',
    whatsapp: 'WhatsApp',
  },
  questions: 'Questions',
  last: { title: 'Your first class could be this week', text: 'No subscription, no enrolment fee: you pay for the class you take.' },
} as const

export const questions = (policy: Policy): { question: string; answer: string }[] => [
  {
    question: 'What do I need for a class?',
    answer:
      'A Google account, a computer or phone with camera and microphone, and Mercado Pago to pay by card or with your balance. Google Meet runs in the browser: there is nothing to install.',
  },
  {
    question: 'What level do I need?',
    answer: 'Any. When you book you can say what you want to work on, and the class is prepared for that.',
  },
  {
    question: 'What is a group class like?',
    answer:
      'It is a closed group of 2 to 5 people that you put together: you book, pay for all and give them the code. You are not mixed with strangers.',
  },
  {
    question: 'What if I cannot come?',
    answer: `You can cancel until ${policy.refundHours} hours before and get all of it back.${
      policy.maxReschedules === 0
        ? ''
        : ` You can also move it to another free time until ${policy.rescheduleHours} hours before${policy.maxReschedules === 1 ? '' : `, ${policy.maxReschedules} times at most`}.`
    }`,
  },
  {
    question: 'What if I pay and the time is gone?',
    answer: `We keep the time for ${policy.holdMinutes} minutes while you pay, so it hardly ever happens. If it did, you get all of it back without asking.`,
  },
  {
    question: 'Can I book from another country?',
    answer: 'Yes. Times are Argentine and you see your own beside them. You pay in Argentine pesos with Mercado Pago.',
  },
]

export const DRAWN = {
  date: 'Thursday 26',
  month: 'November',
  weekday: 'Thursday',
  start: 'In 40 minutes',
  total: 'Total',
  hold: 'We keep the time for you',
  group: 'Group, 3 people',
}
