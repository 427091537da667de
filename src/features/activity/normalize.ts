/**
 * Brings answers into one form before they are compared, so that only a difference in the language counts: not letter case, spaces, the style
 * of apostrophes or one that was left out, accents, final punctuation, a contraction for its long form, or British for American spelling.
 */

/** Long forms by contraction. Where one stands for two things ("'s", "'d") it is left as it is: which one is meant may be the question. */
const CONTRACTIONS: Readonly<Record<string, string>> = {
  "can't": 'cannot',
  'can not': 'cannot',
  "won't": 'will not',
  "shan't": 'shall not',
  "let's": 'let us',
  "i'm": 'i am',
}

/** By what is left of them: contractions that are no other word without their apostrophe, as "its", "were", "well" and "ill" are. */
const WITHOUT_APOSTROPHE: ReadonlyMap<string, string> = new Map(
  [
    ...["i'm", "i've", "he's", "she's", "that's", "what's", "where's", "there's", "you're", "they're"],
    ...["you've", "we've", "they've", "you'll", "they'll", "it'll", "can't", "won't", "isn't", "aren't", "wasn't", "weren't"],
    ...["don't", "doesn't", "didn't", "hasn't", "haven't", "hadn't", "wouldn't", "couldn't", "shouldn't", "mustn't"],
  ].map((contraction) => [contraction.replace("'", ''), contraction]),
)

const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/\b(is|are|was|were|do|does|did|has|have|had|would|could|should|must|might|need)n't\b/g, '$1 not'],
  [/\b(i|you|we|they)'ve\b/g, '$1 have'],
  [/\b(i|you|he|she|it|we|they|that|there|who)'ll\b/g, '$1 will'],
  [/\b(you|we|they)'re\b/g, '$1 are'],
]

/** American spellings by their British ones. */
const SPELLINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    colour: 'color',
    colours: 'colors',
    favourite: 'favorite',
    favourites: 'favorites',
    neighbour: 'neighbor',
    neighbours: 'neighbors',
    behaviour: 'behavior',
    honour: 'honor',
    humour: 'humor',
    labour: 'labor',
    flavour: 'flavor',
    centre: 'center',
    theatre: 'theater',
    metre: 'meter',
    metres: 'meters',
    litre: 'liter',
    litres: 'liters',
    programme: 'program',
    programmes: 'programs',
    travelled: 'traveled',
    travelling: 'traveling',
    traveller: 'traveler',
    cancelled: 'canceled',
    cancelling: 'canceling',
    organise: 'organize',
    organised: 'organized',
    organising: 'organizing',
    realise: 'realize',
    realised: 'realized',
    recognise: 'recognize',
    recognised: 'recognized',
    apologise: 'apologize',
    apologised: 'apologized',
    practise: 'practice',
    practised: 'practiced',
    practising: 'practicing',
    licence: 'license',
    defence: 'defense',
    grey: 'gray',
    jewellery: 'jewelry',
    cheque: 'check',
    mum: 'mom',
    tyre: 'tire',
    aeroplane: 'airplane',
    learnt: 'learned',
    dreamt: 'dreamed',
    burnt: 'burned',
  }),
)

export function normalizeAnswer(text: string): string {
  let answer = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u2018\u2019\u02BC\u00B4`]/g, "'")
    .replace(/[\u201C\u201D"]/g, '')
    .replace(/[\u2013\u2014-]/g, ' ')
    .replace(/[.,!?;:]+(?=\s|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .split(' ')
    .map((word) => WITHOUT_APOSTROPHE.get(word) ?? word)
    .join(' ')
  for (const [short, long] of Object.entries(CONTRACTIONS)) answer = answer.replace(new RegExp(`(?<![\\w'])${short}(?![\\w'])`, 'g'), long)
  for (const [pattern, long] of ENDINGS) answer = answer.replace(pattern, long)
  return answer
    .split(' ')
    .map((word) => SPELLINGS.get(word) ?? word)
    .join(' ')
}

/** Whether an answer is one of those that count as right. */
export function isAccepted(answer: string, accepted: readonly string[]): boolean {
  const given = normalizeAnswer(answer)
  return given !== '' && accepted.some((variant) => normalizeAnswer(variant) === given)
}
