import { clockDigits, durationWords } from './duration.ts'
import { useLocale } from './language.ts'

/**
 * Time left until an instant, kept running by the browser against the server's clock.
 * `digits` reads "19:05"; otherwise "2 días, 3 hs y 5 mins". At zero the text becomes `over`;
 * with `refresh` the page is fetched anew.
 */
export function Countdown(props: { until: Date; now: Date; digits?: boolean; over?: string; refresh?: boolean }) {
  const locale = useLocale()
  const left = props.until.getTime() - props.now.getTime()
  const running = props.digits ? clockDigits(left) : durationWords(left, locale)
  return (
    <span
      class="tabular whitespace-nowrap"
      role="timer"
      data-countdown={props.digits ? 'digits' : ''}
      data-until={props.until.toISOString()}
      {...(props.refresh ? { 'data-refresh': '' } : {})}
      {...(props.over === undefined ? {} : { 'data-over': props.over })}
    >
      {left <= 0 && props.over !== undefined ? props.over : running}
    </span>
  )
}
