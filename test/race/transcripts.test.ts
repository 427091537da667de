import { saveTranscript, saveTranscriptConsent } from '../../src/features/activity/transcript/commands.ts'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { later } from '../support/scene.ts'
import { confirmedClass } from './rig/classes.ts'
import { describeRace } from './rig/race.ts'
import type { Removal } from './rig/rig.ts'

/** Whoever is asked for their consent may change their mind while the transcript is on its way in. */
const consentLock: Removal = { rewrite: (text) => text.replace(/ for share of "app_user"/g, '') }

describeRace('a transcript is pasted while somebody takes their consent back (decision 026)', {
  rounds: 5,
  async round(rig, round) {
    const theClass = await confirmedClass(rig, 1)
    rig.world.clock.set(later(theClass.slot.end, MINUTE_MS))
    await rig.settle()
    const [first, second] = rig.processes
    if (!first || !second) throw new Error('The rig has too few processes')
    await saveTranscriptConsent(first.deps, theClass.host.id, true)
    // Where a transcript may be kept at all: a model is there. Nobody asks it anything here.
    const model = { name: 'none', write: () => Promise.reject(new Error('Nobody asks')) }
    const admin = { id: theClass.host.id, role: 'ADMIN', teacherId: null, isActiveTeacher: false } as const
    const pasting = saveTranscript({ ...first.deps, exercises: model }, admin, theClass.classId, 'What was said')
    // Later by a few trips to the database, other ones in each round.
    for (let trip = 0; trip < round % 8; trip++) await rig.world.rows('SELECT 1')
    await Promise.all([pasting, saveTranscriptConsent(second.deps, theClass.host.id, false)])
    const kept = await rig.world.rows('SELECT 1 FROM class_transcript WHERE class_id = $1', [theClass.classId])
    return kept.length === 0 ? [] : ['kept: a transcript without consent']
  },
  controls: { 'the lock on the consent': { without: consentLock, shows: 'kept' } },
})
