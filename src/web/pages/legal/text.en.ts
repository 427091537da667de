import type { LegalFacts, LegalPart } from './facts.ts'

export const LEGAL = {
  updated: 'Last changed on 28 November 2026.',
  contents: 'Contents',
  sample:
    'These details are an example. Before the site goes public, the academy has to fill in its legal name, CUIT, address and contact in config/academy.json, and have these texts checked.',
  otherLanguage: 'This is a translation for your convenience. The Spanish text is the one that counts.',
}

export const TERMS_TITLE = 'Terms and conditions'

export const terms = ({ academy, policy, baseUrl }: LegalFacts): LegalPart[] => {
  const { legal, contact } = academy
  return [
    {
      id: 'quien',
      title: 'Who provides the service',
      body: [
        `${academy.name} is the trade name of ${legal.name}, CUIT ${legal.cuit}, of ${legal.address}. You can write to us at ${contact.email}.`,
        `These terms are for the classes booked at ${baseUrl}. By booking you accept them.`,
      ],
    },
    {
      id: 'servicio',
      title: 'What we offer',
      body: [
        `Live English classes of ${policy.slotMinutes} minutes on Google Meet, individual or in closed groups of 2 to 5 people. A group class is booked and paid by one person, the host, who invites the others with a code.`,
      ],
    },
    {
      id: 'cuenta',
      title: 'Your account',
      body: [
        'You sign in with a Google account whose e-mail is verified. The account is personal. If you are under 18, a responsible adult has to book.',
      ],
    },
    {
      id: 'precio',
      title: 'Price, booking and payment',
      body: [
        'Prices are final, in Argentine pesos and for the whole class. The one you see when you confirm counts: if the tariff changes later, the price of your class does not.',
        `When you confirm, we keep the time for ${policy.holdMinutes} minutes so that you can pay with Mercado Pago. If it is not paid by then, the time is free again. The class is booked once Mercado Pago approves the payment.`,
        'If a payment arrives when the time is gone, if the same thing is paid twice or if we cannot prepare the class, we return all of it without your asking.',
      ],
    },
    {
      id: 'codigo',
      title: 'Code and guests',
      body: [
        `The code of a group class is for the people the host invites, up to the seats that were paid. It works from ${policy.joinLeadMinutes} minutes before ${policy.joinCutoff === 'end' ? 'until the class ends' : 'until the class begins'}. Publishing or selling it is not allowed.`,
      ],
    },
    {
      id: 'cancelacion',
      title: 'Cancelling and refunds',
      body: [
        [
          `The host can cancel until the class begins. With ${policy.refundHours} hours or more to go, we return all of it. With less, there is no refund.`,
          'If the academy cancels, for whatever reason, we always return all of it.',
          'The refund is asked for at once and comes back the way you paid. How long it takes to show depends on Mercado Pago and your bank.',
        ],
      ],
    },
    {
      id: 'cambio',
      title: 'Changing the time',
      body:
        policy.maxReschedules === 0
          ? ['Booked classes cannot be moved from the site. If you need it, write to us.']
          : [
              `The host can move the class to another free time of the same type, free of charge, until ${policy.rescheduleHours} hours before and ${policy.maxReschedules === 1 ? 'once' : `${policy.maxReschedules} times at most`}.`,
              `Moving a class does not bring back a refund that was lost: if you move it with less than ${policy.refundHours} hours to go, there is no refund later.`,
            ],
    },
    {
      id: 'arrepentimiento',
      title: 'Changing your mind',
      body: [
        'If you buy as a consumer, you can withdraw within ten calendar days, as long as the class has not been given, without a reason and free of charge (article 34 of law 24.240 and article 1110 of the Civil and Commercial Code).',
        `To do so, open a ticket in the help centre or write to ${contact.email}. This comes on top of cancelling as above, which is immediate.`,
      ],
    },
    {
      id: 'convivencia',
      title: 'Getting along',
      body: [
        'In class we treat each other with respect. We may end the participation of anybody who disturbs others. Nobody may record the class or publish images without the permission of everybody in them.',
      ],
    },
    {
      id: 'fallas',
      title: 'If something fails',
      body: [
        'The site uses services of Google and Mercado Pago. If the class cannot be given because of a failure of ours or theirs, you choose between another time and getting all of it back. Your connection, camera and microphone are up to you.',
        'Nothing here limits the rights that consumer law gives you.',
      ],
    },
    {
      id: 'cambios',
      title: 'Changes to these terms',
      body: ['If they change, the date above changes with them. A class that was paid keeps the terms that were valid when you paid it.'],
    },
    {
      id: 'ley',
      title: 'Law and courts',
      body: [
        `The laws of the Argentine Republic apply, and the courts of ${legal.jurisdiction} are competent. As a consumer you can also turn to those of your own domicile and to the consumer protection office.`,
      ],
    },
  ]
}

export const PRIVACY_TITLE = 'Privacy policy'

export const privacy = ({ academy, baseUrl }: LegalFacts): LegalPart[] => {
  const { legal, contact } = academy
  return [
    {
      id: 'responsable',
      title: 'Who answers for your data',
      body: [
        `${legal.name}, CUIT ${legal.cuit}, of ${legal.address}, answers for the data kept at ${baseUrl}. For anything about them write to ${contact.email}.`,
      ],
    },
    {
      id: 'datos',
      title: 'What we keep and what for',
      body: [
        [
          'Your name, e-mail, photo and the identifier of your Google account: to know who you are and so that you join Meet without knocking.',
          'What you fill in under Settings (town, level, telephone and whether you want news): to prepare the classes and to write to you. It is optional.',
          'Your classes: time, type, objective, who took part, cancellations and changes. Without that there is no class.',
          'Your payments: amount, state and number at Mercado Pago. Only Mercado Pago gets the details of your card; we do not see them.',
          'Your activities and answers, to show you what to review.',
          'What the teacher notes about each class (what went well, which mistakes came up, which vocabulary), to prepare your activities. On the site only the teacher sees it; what concerns your individual classes is in the file with your data and is deleted with your account.',
          'If you allow it in Settings, and everybody who was there does, the transcript of a class that the teacher brings: to prepare your activities, for 30 days at most. It is deleted as soon as one of you takes that back.',
          'What you write to us in tickets, to help you.',
          'Your sign-ins: when, and with what browser; and the language, theme and time zone you chose. We count requests by network address, disguised, for two days at most, to stop abuse.',
        ],
        'We do not use your data for advertising, do not sell them and take no automatic decisions about you. We do not ask for access to your calendar or contacts.',
      ],
    },
    {
      id: 'base',
      title: 'Why we may keep them',
      body: [
        'Because they are needed to give you the class you book, because the law obliges us to keep records of payments and, for what is optional, because you gave them to us. You can withdraw at any time what you allowed.',
      ],
    },
    {
      id: 'quien-los-recibe',
      title: 'Who receives them',
      body: [
        [
          'Google, to sign in, for the event in the teacher’s calendar (with your e-mail, which the others in the class do not see) and for the video call.',
          'Mercado Pago, to charge and to refund.',
          'The services that host the site and deliver the e-mails, for that alone.',
          'If the academy uses an AI tutor, the service behind it: your level, the objective of the class, what you find hard, the teacher’s notes, the texts you write in activities and the transcripts you allowed; never your name or e-mail.',
          'In a group class the host sees the names of those who join, and they see the host’s. The teacher sees who takes part.',
        ],
        'Google and other providers may keep data outside Argentina, under their own privacy policies. Apart from this we hand them over only if a judge or the law says so.',
      ],
    },
    {
      id: 'cuanto',
      title: 'For how long',
      body: [
        [
          'Your account and profile: as long as you have it. Your activities, your answers and the objectives you wrote, too.',
          'Payments and paid classes: ten years, as commercial and tax rules ask. If you delete your account, they stay without what is not needed.',
          'Technical records and notifications of the providers: 90 days.',
          'A sign-in: 30 days from the last time you used it.',
        ],
      ],
    },
    {
      id: 'cookies',
      title: 'Cookies',
      body: [
        'Technical ones only: one that keeps you signed in (30 days), one that lasts while you sign in with Google (10 minutes) and two that remember the language and theme you chose (a year). There are no cookies for advertising or measuring, neither ours nor anybody else’s.',
      ],
    },
    {
      id: 'derechos',
      title: 'Your rights',
      body: [
        'Argentine law 25.326 gives you the right to know what we keep about you, to correct it, to bring it up to date and to have it deleted. Access is free every six months, or sooner if you have a legitimate interest.',
        [
          'Download everything we keep about you: under Settings.',
          'Correct it: under Settings. Your name comes from Google and you can change it; your e-mail is that of your Google account and is corrected there.',
          'Delete your account: under Settings. First cancel or take the classes you have booked.',
          `If you cannot sign in, ask by e-mail at ${contact.email}. We answer a request for access within ten calendar days and one to correct or delete within five working days.`,
        ],
        'The Agencia de Acceso a la Información Pública supervises law 25.326 and receives complaints of people whose rights are affected because the rules on personal data were not kept.',
      ],
    },
    {
      id: 'menores',
      title: 'Minors',
      body: ['If you are under 18, a responsible adult has to authorise your account and can also exercise these rights.'],
    },
    {
      id: 'seguridad',
      title: 'How we look after them',
      body: [
        'The site always travels encrypted, Google’s permissions are kept encrypted, codes and links are shown only to whom they belong and the technical records hold neither your e-mail nor your codes.',
      ],
    },
    {
      id: 'cambios',
      title: 'Changes to this policy',
      body: ['If it changes, the date above changes. If the change is important, we tell you by e-mail before it counts.'],
    },
  ]
}
