/**
 * What the sandbox's model knows to ask about. A sentence has its gap in brackets, then two forms that do not fit there:
 * "She [has] a dog.|have|having".
 */
export interface Topic {
  /** As exercises name it. */
  topic: string
  title: string
  /** By which an objective is recognised, in Spanish or English, lower case and without accents; the first topic that is named counts. */
  named: RegExp
  dialogue: string
  question: { prompt: string; options: readonly [string, string, string] }
  sentences: readonly [string, string, string, string, string, string]
  pairs: readonly [readonly [string, string], readonly [string, string], readonly [string, string]]
  write: { prompt: string; sample: string }
}

export const TOPICS: readonly Topic[] = [
  {
    topic: 'job-interview',
    title: 'A job interview',
    named: /entrevista|interview/,
    dialogue: 'Boss: Why do you want this job?\nAna: I like working with people, and I can start on Monday.',
    question: { prompt: 'When can Ana start?', options: ['On Monday', 'Next year', 'She does not say'] },
    sentences: [
      'I [have] worked in sales for five years.|has|am',
      'I am good [at] solving problems.|in|on',
      'Why [did] you leave your last job?|do|was',
      'I can start [on] Monday.|in|at',
      'She [is] looking for a new job.|are|be',
      'They asked me [about] my experience.|of|for',
    ],
    pairs: [
      ['What are your strengths?', 'I learn fast.'],
      ['When can you start?', 'On Monday.'],
      ['Do you have any questions?', 'Yes, about the hours.'],
    ],
    write: { prompt: 'Say why you are right for a job.', sample: 'I have worked in sales for five years. I learn fast and I like people.' },
  },
  {
    topic: 'at-the-restaurant',
    title: 'At the restaurant',
    named: /restaurant|comida|menu/,
    dialogue: 'Waiter: Are you ready to order?\nTom: Yes, the soup, please. And some water.',
    question: { prompt: 'What does Tom order?', options: ['The soup', 'The fish', 'Nothing'] },
    sentences: [
      'Could [we] have the bill, please?|us|our',
      'I [would] like the fish, please.|am|do',
      'There [is] no salt on the table.|are|be',
      'How [much] is the soup?|many|lot',
      'Would you like [something] to drink?|anybody|nothing',
      'We [booked] a table for two.|book yesterday|booking',
    ],
    pairs: [
      ['Are you ready to order?', 'Yes, the soup, please.'],
      ['Anything to drink?', 'Some water, please.'],
      ['How was the meal?', 'It was delicious.'],
    ],
    write: { prompt: 'Order a meal for two.', sample: 'Good evening. Could we have two soups and one fish, please? And some water.' },
  },
  {
    topic: 'airport-and-travel',
    title: 'At the airport',
    named: /viaj|aeropuerto|hotel|travel/,
    dialogue: 'Agent: Where are you flying to?\nAna: To Lima. I only have one small bag.',
    question: { prompt: 'Where is Ana going?', options: ['To Lima', 'To Salta', 'Home'] },
    sentences: [
      'My flight [leaves] at six.|leave|leaving',
      'Where [is] the boarding gate?|are|be',
      'I have [lost] my suitcase.|lose|losing',
      'We arrived [at] the hotel late.|to|in of',
      'The plane [was] delayed for an hour.|were|be',
      'Do I have [to] change planes?|for|of',
    ],
    pairs: [
      ['May I see your passport?', 'Here you are.'],
      ['Window or aisle?', 'Window, please.'],
      ['Any bags?', 'Just one.'],
    ],
    write: {
      prompt: 'Tell a friend about your flight.',
      sample: 'My flight was delayed for an hour, but we arrived at the hotel before midnight.',
    },
  },
  {
    topic: 'reported-speech',
    title: 'What people said',
    named: /reported|estilo indirecto/,
    dialogue: 'Ana: Tom said he was tired.\nBea: He told me that he had worked all night.',
    question: { prompt: 'Why was Tom tired?', options: ['He had worked all night', 'He was ill', 'Nobody knows'] },
    sentences: [
      'She said that she [was] tired.|is been|be',
      'He told [me] that he was leaving.|to me|I',
      'They asked me where I [lived].|do live|living',
      'He said he [had] seen the film.|have|was',
      'She asked [if] I could help her.|that if|what',
      'I said I [would] call the next day.|will to|am',
    ],
    pairs: [
      ['"I am tired."', 'She said she was tired.'],
      ['"I will call."', 'She said she would call.'],
      ['"Where do you live?"', 'She asked where I lived.'],
    ],
    write: { prompt: 'Tell what somebody said to you.', sample: 'My boss told me that she was happy. She asked if I could start earlier.' },
  },
  {
    topic: 'past-simple',
    title: 'Yesterday',
    named: /past simple|pasado/,
    dialogue: 'Tom: What did you do yesterday?\nAna: I went to the club and saw a film.',
    question: { prompt: 'Where did Ana go?', options: ['To the club', 'To work', 'Nowhere'] },
    sentences: [
      'I [went] to the club yesterday.|goed|go to',
      'We [saw] a film last night.|seed|seen',
      'She [did] not come to class.|was|do',
      'They [bought] a house in 2019.|buyed|buy it',
      'Where [were] you last night?|was|did',
      'He [told] me the truth.|telled|tell to',
    ],
    pairs: [
      ['go', 'went'],
      ['buy', 'bought'],
      ['see', 'saw'],
    ],
    write: { prompt: 'Say what you did yesterday.', sample: 'Yesterday I went to the club and then I saw a film with my sister.' },
  },
  {
    topic: 'daily-routines',
    title: 'A normal day',
    named: /rutina|routine|mi dia/,
    dialogue: 'Ana: What time do you get up?\nTom: At seven. I never have breakfast.',
    question: { prompt: 'What does Tom never have?', options: ['Breakfast', 'Lunch', 'Dinner'] },
    sentences: [
      'She [gets] up at seven.|get|getting',
      'I [never] have breakfast.|not never|no',
      'We go to work [by] bus.|in|on of',
      'He [does] not watch television.|do|is',
      'They have lunch [at] noon.|in|on',
      'What time [do] you finish work?|are|does',
    ],
    pairs: [
      ['get up', 'in the morning'],
      ['have lunch', 'at noon'],
      ['go to bed', 'at night'],
    ],
    write: { prompt: 'Describe a normal day.', sample: 'I get up at seven and go to work by bus. I have lunch at noon with my team.' },
  },
  {
    topic: 'business-meetings',
    title: 'In a meeting',
    named: /reunion|meeting/,
    dialogue: 'Bea: Shall we start?\nTom: Yes. The first point is the budget.',
    question: { prompt: 'What is the first point?', options: ['The budget', 'The holidays', 'The office'] },
    sentences: [
      'Let us [move] on to the next point.|moving|moved',
      'I agree [with] you.|to of|at',
      'Could you [send] me the report?|sending|sent',
      'We are [running] out of time.|run|ran',
      'The meeting was put [off] until Friday.|on of|by',
      'Does anybody [have] any questions?|has|having',
    ],
    pairs: [
      ['Shall we start?', 'Yes, let us begin.'],
      ['Any questions?', 'Just one, about the budget.'],
      ['Can you hear me?', 'Yes, loud and clear.'],
    ],
    write: { prompt: 'Invite your team to a meeting.', sample: 'Dear all, we will meet on Friday at ten. The first point is the budget.' },
  },
  {
    topic: 'phrasal-verbs-basic',
    title: 'Get up, give up',
    named: /phrasal/,
    dialogue: 'Ana: Did you give up smoking?\nTom: Yes, and I took up running.',
    question: { prompt: 'What did Tom take up?', options: ['Running', 'Smoking', 'Painting'] },
    sentences: [
      'He gave [up] smoking last year.|off of|to',
      'Please turn [off] the light.|away of|out from',
      'I am looking [for] my keys.|to|by',
      'They called [off] the match.|of|to',
      'We ran [out] of milk.|off from|up',
      'She takes [after] her mother.|before|at',
    ],
    pairs: [
      ['give up', 'stop doing something'],
      ['look for', 'try to find'],
      ['call off', 'cancel'],
    ],
    write: {
      prompt: 'Write about a habit that you gave up.',
      sample: 'Last year I gave up sugar. I ran out of energy at first, but I got over it.',
    },
  },
  {
    topic: 'linking-and-opinion',
    title: 'In my opinion',
    named: /opinion|debat/,
    dialogue: 'Bea: I think that cars should pay more.\nTom: I disagree, because buses are not enough.',
    question: { prompt: 'Who disagrees?', options: ['Tom', 'Bea', 'Nobody'] },
    sentences: [
      '[Although] it rained, we went out.|Despite|Because of',
      'I stayed at home [because] I was ill.|although|so',
      'It is cheap; [however], it is small.|because|although',
      'In [my] opinion, it is a mistake.|me|mine',
      'I agree with you [up] to a point.|on|at of',
      'It was late, [so] we left.|because|although',
    ],
    pairs: [
      ['because', 'gives a reason'],
      ['however', 'tells the other side'],
      ['so', 'gives a result'],
    ],
    write: {
      prompt: 'Should cities be free of cars? Say why.',
      sample: 'In my opinion cities need fewer cars. However, buses must be better first.',
    },
  },
  {
    topic: 'health',
    title: 'At the doctor',
    named: /medic|salud|doctor|health/,
    dialogue: 'Doctor: What is the matter?\nAna: I have had a headache since Monday.',
    question: { prompt: 'What is wrong with Ana?', options: ['Her head hurts', 'Her foot hurts', 'Nothing'] },
    sentences: [
      'My head [hurts] a lot.|hurt it|hurting',
      'I have had a cold [since] Monday.|for|from of',
      'You should [rest] for two days.|to rest|resting',
      'Take this twice [a] day.|in of|at',
      'Are you allergic [to] anything?|of|with',
      'I feel [better] today.|gooder|more well',
    ],
    pairs: [
      ['What is the matter?', 'My head hurts.'],
      ['Any allergies?', 'Yes, to nuts.'],
      ['How often?', 'Twice a day.'],
    ],
    write: { prompt: 'Tell a doctor what is wrong.', sample: 'Good morning, doctor. My head has hurt since Monday and I feel tired.' },
  },
  {
    topic: 'future-plans',
    title: 'Next year',
    named: /planes|futuro|future/,
    dialogue: 'Tom: What are you going to do in January?\nAna: I am going to visit my aunt in Salta.',
    question: { prompt: 'Who is Ana going to visit?', options: ['Her aunt', 'Her boss', 'Tom'] },
    sentences: [
      'I am [going] to study tonight.|go|gone',
      'We [will] call you tomorrow.|are|would have',
      'She is [leaving] on Sunday.|leave|leaves',
      'If it rains, we [will] stay at home.|are|did',
      'They [are] getting married in May.|is|be',
      'What [are] you doing this weekend?|is|do',
    ],
    pairs: [
      ['Any plans for Sunday?', 'I am going to rest.'],
      ['Will you come?', 'I am not sure yet.'],
      ['When are you leaving?', 'In May.'],
    ],
    write: {
      prompt: 'Write about your plans for next year.',
      sample: 'Next year I am going to study more and I will visit my aunt in May.',
    },
  },
  {
    topic: 'introductions',
    title: 'Nice to meet you',
    named: /present(arme|acion)|hablar de mi|introduc/,
    dialogue: 'Ana: Hi, I am Ana.\nTom: Nice to meet you. Where are you from?\nAna: I am from Salta.',
    question: { prompt: 'Where is Ana from?', options: ['From Salta', 'From Lima', 'She does not say'] },
    sentences: [
      'I [am] from Salta.|is|be',
      'Nice [to] meet you.|for|at',
      'What do you [do] for a living?|make of|doing',
      'She [has] lived here for two years.|have|is',
      'This [is] my friend Tom.|are|be',
      'How long have you [been] here?|be|was',
    ],
    pairs: [
      ['Where are you from?', 'From Salta.'],
      ['What do you do?', 'I am a nurse.'],
      ['How are you?', 'Fine, thanks.'],
    ],
    write: { prompt: 'Introduce yourself.', sample: 'Hi, I am Ana and I am from Salta. I am a nurse. Where are you from?' },
  },
]

/** For an objective that names none of them. */
export const SMALL_TALK: Topic = {
  topic: 'small-talk',
  title: 'Small talk',
  named: /small talk/,
  dialogue: 'Ana: Is this seat free?\nTom: Yes, it is. Are you from here?\nAna: No, I am from Salta.',
  question: { prompt: 'What does Ana ask about?', options: ['A seat', 'A bus stop', 'A ticket'] },
  sentences: [
    '[Is] this seat free?|Are|Be',
    'It [is] cold today.|are|be',
    'I [am] from here.|is|be',
    'Do [you] live near the park?|your|yours',
    'Have a nice [day]!|days|daily',
    'See you [on] Monday.|in|at of',
  ],
  pairs: [
    ['Is this seat free?', 'Yes, it is.'],
    ['Is it far?', 'No, it is near.'],
    ['How are you?', 'Fine, thanks.'],
  ],
  write: { prompt: 'Start talking to somebody on the bus.', sample: 'Hi, is this seat free? It is cold today. Are you from here?' },
}
