import { LOCALES } from '../../../kernel/locale.ts'
import { THEMES } from '../../../kernel/theme.ts'
import { useText } from '../../ui/language.ts'
import * as shellEn from '../../ui/text.en.ts'
import * as shellEs from '../../ui/text.es.ts'
import { SettingsCard } from './card.tsx'
import { Field } from './field.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import type { LookView, WrongField } from './view.ts'

const LANGUAGE_NAME = { es: 'Español', en: 'English' } as const

/** Theme, language and time zone: they follow the person to every device. */
export function Look({ look, zones, wrong }: { look: LookView; zones: readonly string[]; wrong: readonly WrongField[] }) {
  const { SETTINGS } = useText({ es, en })
  const { SHELL } = useText({ es: shellEs, en: shellEn })
  const { look: words, errors } = SETTINGS
  return (
    <SettingsCard name="apariencia" title={words.title} lead={words.hint}>
      <fieldset class="field">
        <legend>{words.theme}</legend>
        <div class="segments">
          {THEMES.map((theme) => (
            <label>
              <input type="radio" name="tema" value={theme} checked={theme === look.theme} />
              <span>{SHELL.themes[theme]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset class="field">
        <legend>{words.locale}</legend>
        <div class="segments">
          {LOCALES.map((locale) => (
            <label>
              <input type="radio" name="idioma" value={locale} checked={locale === look.locale} />
              <span lang={locale}>{LANGUAGE_NAME[locale]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Field
        id="zona"
        label={words.zone}
        hint={words.zoneHint}
        error={wrong.includes('zone') ? errors.zone : null}
        focused={wrong[0] === 'zone'}
        control={(tied) => (
          <select name="zona" {...tied}>
            <option value="">{words.zoneOfBrowser}</option>
            <optgroup label={words.likelyZones}>
              {Object.entries(words.zones).map(([name, places]) => (
                <option value={name} selected={name === look.zone}>
                  {places}
                </option>
              ))}
            </optgroup>
            {regionsOf(zones.filter((name) => !(name in words.zones))).map(([region, names]) => (
              <optgroup label={region}>
                {names.map((name) => (
                  <option value={name} selected={name === look.zone}>
                    {cityOf(name)}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        )}
      />
    </SettingsCard>
  )
}

/** "America/Argentina/Buenos_Aires" → "Argentina, Buenos Aires". */
function cityOf(zone: string): string {
  const [, ...places] = zone.split('/')
  return (places.length === 0 ? zone : places.join(', ')).replaceAll('_', ' ')
}

function regionsOf(zones: readonly string[]): [string, string[]][] {
  const regions = new Map<string, string[]>()
  for (const zone of zones) {
    const region = zone.split('/')[0] ?? zone
    const names = regions.get(region)
    if (names) names.push(zone)
    else regions.set(region, [zone])
  }
  return [...regions]
}
