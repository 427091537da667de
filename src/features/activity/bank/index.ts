import a1CanAndAbilities from './a1-can-and-abilities.json' with { type: 'json' }
import a1ClothesAndColours from './a1-clothes-and-colours.json' with { type: 'json' }
import a1Family from './a1-family.json' with { type: 'json' }
import a1FoodAndDrink from './a1-food-and-drink.json' with { type: 'json' }
import a1MyDay from './a1-my-day.json' with { type: 'json' }
import a1PrepositionsAndPlaces from './a1-prepositions-and-places.json' with { type: 'json' }
import a1PresentContinuous from './a1-present-continuous.json' with { type: 'json' }
import a1ThereIsMyHome from './a1-there-is-my-home.json' with { type: 'json' }
import a1TimeAndDates from './a1-time-and-dates.json' with { type: 'json' }
import a1VerbToBe from './a1-verb-to-be.json' with { type: 'json' }
import a2AirportAndTravel from './a2-airport-and-travel.json' with { type: 'json' }
import a2AtTheRestaurant from './a2-at-the-restaurant.json' with { type: 'json' }
import a2BusinessMeetings from './a2-business-meetings.json' with { type: 'json' }
import a2Comparatives from './a2-comparatives.json' with { type: 'json' }
import a2DailyRoutines from './a2-daily-routines.json' with { type: 'json' }
import a2DirectionsAndCity from './a2-directions-and-city.json' with { type: 'json' }
import a2Family from './a2-family.json' with { type: 'json' }
import a2FuturePlans from './a2-future-plans.json' with { type: 'json' }
import a2Health from './a2-health.json' with { type: 'json' }
import a2JobInterview from './a2-job-interview.json' with { type: 'json' }
import a2LinkingAndOpinion from './a2-linking-and-opinion.json' with { type: 'json' }
import a2PastSimple from './a2-past-simple.json' with { type: 'json' }
import a2PhrasalVerbsBasic from './a2-phrasal-verbs-basic.json' with { type: 'json' }
import a2Shopping from './a2-shopping.json' with { type: 'json' }
import b1Conditionals from './b1-conditionals.json' with { type: 'json' }
import b1Environment from './b1-environment.json' with { type: 'json' }
import b1Health from './b1-health.json' with { type: 'json' }
import b1JobInterview from './b1-job-interview.json' with { type: 'json' }
import b1ModalsAdvice from './b1-modals-advice.json' with { type: 'json' }
import b1PastNarratives from './b1-past-narratives.json' with { type: 'json' }
import b1PhrasalVerbsBasic from './b1-phrasal-verbs-basic.json' with { type: 'json' }
import b1PresentPerfect from './b1-present-perfect.json' with { type: 'json' }
import b1ReportedSpeech from './b1-reported-speech.json' with { type: 'json' }
import b1Technology from './b1-technology.json' with { type: 'json' }
import b2AirportAndTravel from './b2-airport-and-travel.json' with { type: 'json' }
import b2AtTheRestaurant from './b2-at-the-restaurant.json' with { type: 'json' }
import b2BusinessMeetings from './b2-business-meetings.json' with { type: 'json' }
import b2DailyRoutines from './b2-daily-routines.json' with { type: 'json' }
import b2FuturePlans from './b2-future-plans.json' with { type: 'json' }
import b2GerundInfinitive from './b2-gerund-infinitive.json' with { type: 'json' }
import b2Health from './b2-health.json' with { type: 'json' }
import b2Introductions from './b2-introductions.json' with { type: 'json' }
import b2JobInterview from './b2-job-interview.json' with { type: 'json' }
import b2LinkingAndOpinion from './b2-linking-and-opinion.json' with { type: 'json' }
import b2PassiveAndProcesses from './b2-passive-and-processes.json' with { type: 'json' }
import b2PastSimple from './b2-past-simple.json' with { type: 'json' }
import b2ReportedSpeech from './b2-reported-speech.json' with { type: 'json' }
import b2ThirdConditional from './b2-third-conditional.json' with { type: 'json' }
import c1AdvancedConditionals from './c1-advanced-conditionals.json' with { type: 'json' }
import c1CollocationsAndRegister from './c1-collocations-and-register.json' with { type: 'json' }
import c1DebateAndArgument from './c1-debate-and-argument.json' with { type: 'json' }
import c1Idioms from './c1-idioms.json' with { type: 'json' }
import c1InversionEmphasis from './c1-inversion-emphasis.json' with { type: 'json' }
import c1NuancesOfModality from './c1-nuances-of-modality.json' with { type: 'json' }
import c1PassiveAndProcesses from './c1-passive-and-processes.json' with { type: 'json' }
import c1PhrasalVerbsAdvanced from './c1-phrasal-verbs-advanced.json' with { type: 'json' }
import type { BankSet } from './set.ts'

/** The whole bank, by level. A test parses every set with `BankSet` and keeps it to the rules that a schema cannot say. */
export const BANK = [
  a1CanAndAbilities,
  a1ClothesAndColours,
  a1Family,
  a1FoodAndDrink,
  a1MyDay,
  a1PrepositionsAndPlaces,
  a1PresentContinuous,
  a1ThereIsMyHome,
  a1TimeAndDates,
  a1VerbToBe,
  a2AirportAndTravel,
  a2AtTheRestaurant,
  a2BusinessMeetings,
  a2Comparatives,
  a2DailyRoutines,
  a2DirectionsAndCity,
  a2Family,
  a2FuturePlans,
  a2Health,
  a2JobInterview,
  a2LinkingAndOpinion,
  a2PastSimple,
  a2PhrasalVerbsBasic,
  a2Shopping,
  b1Conditionals,
  b1Environment,
  b1Health,
  b1JobInterview,
  b1ModalsAdvice,
  b1PastNarratives,
  b1PhrasalVerbsBasic,
  b1PresentPerfect,
  b1ReportedSpeech,
  b1Technology,
  b2AirportAndTravel,
  b2AtTheRestaurant,
  b2BusinessMeetings,
  b2DailyRoutines,
  b2FuturePlans,
  b2GerundInfinitive,
  b2Health,
  b2Introductions,
  b2JobInterview,
  b2LinkingAndOpinion,
  b2PassiveAndProcesses,
  b2PastSimple,
  b2ReportedSpeech,
  b2ThirdConditional,
  c1AdvancedConditionals,
  c1CollocationsAndRegister,
  c1DebateAndArgument,
  c1Idioms,
  c1InversionEmphasis,
  c1NuancesOfModality,
  c1PassiveAndProcesses,
  c1PhrasalVerbsAdvanced,
] as unknown as readonly BankSet[]
