import { startActivity, submitActivity } from '../../src/features/activity/commands.ts'
import type { ItemGrade } from '../../src/features/activity/grade.ts'
import { correctItem } from '../../src/features/activity/teacher/correct.ts'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { becomeChoicesAndText } from '../support/exercise.ts'
import { later } from '../support/scene.ts'
import { confirmedClass } from './rig/classes.ts'
import { describeRace } from './rig/race.ts'
import type { Removal } from './rig/rig.ts'

/** Whoever hands in holds the exercise before their work on it, as whoever mends it does. */
const taskFirst: Removal = { rewrite: (text) => (text.includes('from "task"') ? text.replace(/ for key share$/, '') : text) }

const MENDED = { instruction: 'Elegí.', prompt: 'P', options: 'a\nb\nc', answer: '2', explanation: 'Es b.', difficulty: 'easy' }

describeRace('an item is mended while its person hands it in (decision 030)', {
  rounds: 6,
  async round(rig, round) {
    const { host, slot, classId } = await confirmedClass(rig, 1)
    rig.world.clock.set(later(slot.end, MINUTE_MS))
    await rig.settle()
    const [first, second] = rig.processes
    if (!first || !second) throw new Error('The rig has too few processes')
    const [task] = await rig.world.rows<{ id: string }>('SELECT id FROM task WHERE class_id = $1', [classId])
    const taskId = task?.id ?? ''
    await becomeChoicesAndText(rig.world, taskId)
    if (round % 2 === 0) await startActivity(first.deps, host.id, taskId)
    const admin = { id: host.id, role: 'ADMIN', teacherId: null, isActiveTeacher: false } as const
    const mending = correctItem(second.deps, admin, taskId, 'c0', MENDED)
    // Later by a few trips to the database, other ones in each round.
    for (let trip = 0; trip < round % 6; trip++) await rig.world.rows('SELECT 1')
    // With a text that waits for a reader.
    const handing = submitActivity(first.deps, host.id, taskId, { c0: 1, w: 'I get up at seven.' })
    const outcomes = await Promise.all([mending, handing])
    const [row] = await rig.world.rows<{ marks: ItemGrade[] }>('SELECT marks FROM activity_submission WHERE task_id = $1', [taskId])
    return [
      ...outcomes.flatMap((outcome) => (outcome.ok ? [] : [`refused: ${outcome.reason}`])),
      ...(row?.marks.find(({ itemId }) => itemId === 'c0')?.credit === 1 ? [] : ['lost: a right answer counts for nothing']),
    ]
  },
  controls: { 'the exercise held first': { without: taskFirst, shows: 'deadlock' } },
})
