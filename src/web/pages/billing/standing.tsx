import type { BillStanding } from '../../../features/billing/rules.ts'
import type { IconName } from '../../ui/icons.tsx'
import { useText } from '../../ui/language.ts'
import { Status, type Tone } from '../../ui/status.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

const LOOK: Record<BillStanding, { tone: Tone; icon: IconName }> = {
  awaiting: { tone: 'wait', icon: 'clock' },
  lapsed: { tone: 'quiet', icon: 'cross-circle' },
  'given-up': { tone: 'quiet', icon: 'cross-circle' },
  withdrawn: { tone: 'quiet', icon: 'cross-circle' },
  'in-process': { tone: 'wait', icon: 'clock' },
  'in-review': { tone: 'wait', icon: 'info' },
  rejected: { tone: 'bad', icon: 'cross-circle' },
  paid: { tone: 'good', icon: 'check-circle' },
  'no-refund': { tone: 'quiet', icon: 'check-circle' },
  disputed: { tone: 'wait', icon: 'alert' },
  'charged-back': { tone: 'quiet', icon: 'cross-circle' },
  returning: { tone: 'wait', icon: 'refresh' },
  'return-stuck': { tone: 'wait', icon: 'alert' },
  'partly-returned': { tone: 'quiet', icon: 'refresh' },
  returned: { tone: 'quiet', icon: 'check-circle' },
}

/** State of a payment, and what it means where the state alone does not say it. */
export function BillStatus({ standing }: { standing: BillStanding }) {
  const { label, note } = useText({ es, en }).STANDING[standing]
  return (
    <span class="bill-status">
      <Status {...LOOK[standing]} text={label} />
      {note === null ? null : <span class="reason soft">{note}</span>}
    </span>
  )
}
