import type { Policy } from '../policy.ts'

export const HELP = {
  title: 'Help centre',
  lead: 'First, what people ask us most. If it is not here, write to us: a person will answer.',
  questions: 'Common questions',
  formTitle: 'Tell us what happened',
  about: 'What it is about',
  category: 'Topic',
  description: 'Your message',
  descriptionHint: 'Between 10 and 500 characters. There is no need to copy codes or card details.',
  trap: 'Leave this field empty',
  submit: 'Send',
  see: 'See tickets',
  seeMade: 'See the ticket',
  guide: 'Read the whole guide',
}

export const questions = (policy: Policy): { question: string; answer: string }[] => [
  {
    question: 'I paid and do not see my class. What now?',
    answer:
      'Wait a few minutes: as soon as Mercado Pago approves the payment we prepare the link and the class shows up in My classes. Do not pay again. If the time was gone, you get all of it back without asking.',
  },
  {
    question: 'Where is the link to enter?',
    answer: `The button to join appears in My classes ${policy.joinLeadMinutes} minutes before the class begins. There is no need to reload the page.`,
  },
  {
    question: 'The code I was given does not work.',
    answer: `It works from ${policy.joinLeadMinutes} minutes before ${policy.joinCutoff === 'end' ? 'until the class ends' : 'until the class begins'}. If the host moved the class, there is a new code: ask for it.`,
  },
  {
    question: 'Can I cancel and get my money back?',
    answer: `Yes, until ${policy.refundHours} hours before you get all of it back the way you paid. Later you can still cancel, but there is no refund.`,
  },
  {
    question: 'Can I change the time?',
    answer:
      policy.maxReschedules === 0
        ? 'Classes cannot be moved from here for now. Write to us and we will see.'
        : `Yes, until ${policy.rescheduleHours} hours before and ${policy.maxReschedules === 1 ? 'once' : `${policy.maxReschedules} times`} per class, to any free time. The link stays and the code changes.`,
  },
  {
    question: 'How long does a refund take?',
    answer:
      'We ask for it at once. Money from your Mercado Pago balance is back right away; with a card it may take until your next statement, depending on the bank.',
  },
]

export const TICKETS = {
  title: 'Your tickets',
  empty: 'You have not opened a ticket yet.',
  emptyHint: 'Here you will see what you asked us and our answers.',
  open: 'Ask for help',
  all: 'All your tickets',
  opened: (date: string) => `Opened on ${date}`,
  answered: 'We answered you',
  waiting: 'We will answer you shortly',
  conversation: (number: string) => `Ticket ${number}`,
  message: 'Your message',
  placeholder: 'Write your message...',
  send: 'Send message',
  closed: 'This ticket is closed. If you need anything else, open another one.',
  more: 'Open another ticket',
}

export const CONTEXT = {
  class: 'Class',
  payment: 'Payment',
  classLine: (type: string, date: string, range: string) => `${type}, ${date}, ${range}`,
  refunded: (money: string) => `${money} returned`,
  paymentId: (id: string) => `Payment no. ${id} at Mercado Pago`,
}

export const PAYMENT_STATUS = { pending: 'Pending', approved: 'Approved', rejected: 'Rejected', refunded: 'Refunded' }
