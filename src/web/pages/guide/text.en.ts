import type { Policy } from '../policy.ts'
import type { GuidePart } from './text.es.ts'

export const GUIDE = {
  title: 'Guide',
  lead: 'Everything you can do at HablaInglesYa, in the order in which you do it.',
  contents: 'In this guide',
  help: 'Did not find what you were looking for?',
  helpLink: 'Write to us from the help centre',
  start: 'Book a class',
}

export const parts = (policy: Policy): GuidePart[] => [
  {
    id: 'reservar',
    title: 'Book',
    steps: [
      'Sign in with your Google account.',
      'Under Book, choose a free time. Hatched ones are taken. Everything is in Argentine time; if you are somewhere else, you see your own beside it.',
      'Choose an individual or a group class. For a group, say how many people you will be, 2 to 5, yourself included.',
      'If you like, say in one line what you would like to work on.',
    ],
  },
  {
    id: 'pagar',
    title: 'Pay',
    steps: [
      `Check the details and press “Pay with Mercado Pago”. We keep the time for ${policy.holdMinutes} minutes.`,
      'You pay at Mercado Pago, by card or with your balance. The price is the total of the class: in a group one person pays for all.',
      'If something fails you can come back and go on with the payment while the time is kept. If you closed the page, you find it under Home.',
      'Once it is approved, the class shows up in My classes and you get an e-mail with everything.',
    ],
  },
  {
    id: 'compartir',
    title: 'Share the code',
    steps: [
      'Every group class has a code of 8 letters and digits that only the host sees. It is in My classes.',
      'Tap it to copy it or send it by WhatsApp. Share it only with the people who will take part: there are as many seats as you paid for.',
      `Your guests sign in with their Google account, type the code in My classes and join. It works from ${policy.joinLeadMinutes} minutes before ${policy.joinCutoff === 'end' ? 'until the class ends' : 'until the class begins'}.`,
    ],
  },
  {
    id: 'entrar',
    title: 'Join the class',
    steps: [
      `The “Join” button appears in My classes ${policy.joinLeadMinutes} minutes before. There is no need to reload the page.`,
      'Google Meet opens in another tab. Use the same Google account you signed in with: that way you do not have to knock.',
      'If the connection drops, press “Join” again: you can come back in until it ends.',
    ],
  },
  ...(policy.maxReschedules === 0
    ? []
    : [
        {
          id: 'mover',
          title: 'Move it to another time',
          steps: [
            `The host can move the class to another free time until ${policy.rescheduleHours} hours before, ${policy.maxReschedules === 1 ? 'once' : `${policy.maxReschedules} times at most`}. It is in My classes, “Reschedule”.`,
            'The link and the guests stay. The code changes: the old one stops working.',
            `If you move it with less than ${policy.refundHours} hours to go, there is no refund if you cancel it later.`,
          ],
        },
      ]),
  {
    id: 'cancelar',
    title: 'Cancel',
    steps: [
      'In My classes, “Cancel class”. Before you confirm we tell you what happens with the money.',
      `Until ${policy.refundHours} hours before you get all of it back, the way you paid. Later there is no refund.`,
      'If the academy cancels, you always get all of it back.',
    ],
  },
  {
    id: 'consejos',
    title: 'To make it go well',
    steps: [
      'Come in 5 to 10 minutes early to test your sound and camera.',
      'Share the code only with the people who will take part.',
      'If you were invited and cannot come, tell the host.',
      'Look at the objective before the class.',
    ],
  },
]
