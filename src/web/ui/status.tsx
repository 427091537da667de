import type { ClassStatus } from '../text.es.ts'
import { Icon, type IconName } from './icons.tsx'
import { useSharedText } from './language.ts'

export type Tone = 'good' | 'bad' | 'wait' | 'quiet'

const CLASS_TONE: Record<ClassStatus, { tone: Tone; icon: IconName }> = {
  scheduled: { tone: 'good', icon: 'check-circle' },
  pending: { tone: 'wait', icon: 'clock' },
  completed: { tone: 'quiet', icon: 'flag' },
  cancelled: { tone: 'bad', icon: 'cross-circle' },
}

/** Always colour, icon and word together. */
export function Status({ tone, icon, text }: { tone: Tone; icon: IconName; text: string }) {
  return (
    <span class={`status status-${tone}`}>
      <Icon name={icon} />
      {text}
    </span>
  )
}

export function ClassStatusLabel({ status }: { status: ClassStatus }) {
  const { CLASS_STATUS } = useSharedText()
  return <Status {...CLASS_TONE[status]} text={CLASS_STATUS[status]} />
}
