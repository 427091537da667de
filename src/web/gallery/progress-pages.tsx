import { estimateLevel } from '../../features/activity/memory/progress.ts'
import { ProgressPage } from '../pages/progress/progress.tsx'
import { FeedbackPage, QuestionPage, ReviewedPage } from '../pages/progress/review.tsx'
import type { Sample } from './sample.ts'
import { at, chrome } from './samples.ts'

const review = '/inicio/repaso'
const FEEDBACK = {
  position: 3,
  total: 10,
  prompt: 'My sister ___ (go) to the gym every morning.',
  yours: 'go',
  right: 'goes',
  explanation: 'En tercera persona del singular el presente simple lleva -s o -es.',
  comesBackAt: at('2026-11-24', '00:00'),
}
const ANSWERS = Array.from({ length: 24 }, (_, index) => ({
  topic: 't',
  level: 'B1' as const,
  difficulty: 'medium' as const,
  credit: index % 3 === 0 ? 0 : 1,
}))
const TOPICS = [
  { title: 'Present perfect: experiencias', mastery: 0.31, answers: 8 },
  { title: 'Condicionales', mastery: 0.55, answers: 5 },
  { title: 'Rutinas y presente simple', mastery: 0.92, answers: 14 },
]

export const progressPages: readonly Sample[] = [
  {
    name: 'repaso',
    page: (
      <QuestionPage
        chrome={chrome(review)}
        cardId="c1"
        position={3}
        total={10}
        reading={{ kind: 'text', title: 'A night nurse', body: 'Martín works at night.' }}
        item={{ id: 'i', kind: 'gap', instruction: 'Completá con la forma correcta.', prompt: FEEDBACK.prompt, gaps: 1, bank: [] }}
        answer={[]}
        error={null}
      />
    ),
  },
  { name: 'repaso-mal', page: <FeedbackPage chrome={chrome(review)} {...FEEDBACK} mark="wrong" /> },
  { name: 'repaso-bien', page: <FeedbackPage chrome={chrome(review)} {...FEEDBACK} position={10} yours="goes" mark="right" /> },
  { name: 'repaso-hecho', page: <ReviewedPage chrome={chrome(review)} done={10} nextDueAt={at('2026-11-25', '00:00')} /> },
  { name: 'repaso-vacio', page: <ReviewedPage chrome={chrome(review)} done={0} nextDueAt={null} /> },
  {
    name: 'progreso',
    page: (
      <ProgressPage
        chrome={chrome('/inicio/progreso')}
        streak={6}
        bestStreak={9}
        due={4}
        rest="later"
        level={estimateLevel('A2', ANSWERS)}
        topics={TOPICS}
        ideas={[TOPICS[0]?.title ?? '', TOPICS[1]?.title ?? '']}
      />
    ),
  },
  {
    name: 'progreso-vacio',
    page: (
      <ProgressPage
        chrome={chrome('/inicio/progreso')}
        streak={0}
        bestStreak={3}
        due={0}
        rest="none"
        level={estimateLevel('A1', [])}
        topics={[]}
        ideas={[]}
      />
    ),
  },
]
