import { useText } from '../../ui/language.ts'
import { Field } from './field.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { type ProfileView, SETTINGS_PATH, type WrongField } from './view.ts'

/** Who one is: read at first, and a form after "editar". */
export function Profile(props: { profile: ProfileView; editing: boolean; wrong: readonly WrongField[] }) {
  const { SETTINGS } = useText({ es, en })
  return (
    <section class="panel settings-card" id="datos" aria-labelledby="datos-titulo">
      <div class="settings-head">
        <h2 id="datos-titulo">{SETTINGS.profile.title}</h2>
        {props.editing ? null : (
          <a class="action-link" href={`${SETTINGS_PATH}?editar=datos#datos`}>
            {SETTINGS.edit}
          </a>
        )}
      </div>
      {props.editing ? <ProfileForm profile={props.profile} wrong={props.wrong} /> : <ProfileFacts profile={props.profile} />}
    </section>
  )
}

function ProfileFacts({ profile }: { profile: ProfileView }) {
  const { SETTINGS } = useText({ es, en })
  const words = SETTINGS.profile
  const facts = [
    [words.name, profile.name, 'fact-wide'],
    [words.email, profile.email, 'fact-wide'],
    [words.localidad, profile.localidad === '-' ? words.none : profile.localidad],
    [words.nivel, levelWord(words.niveles, profile.nivel)],
    [words.telefono, profile.telefono === '' ? words.none : profile.telefono],
    [words.id, profile.id, 'fact-wide'],
  ]
  return (
    <dl class="facts">
      {facts.map(([term, text, wide]) => (
        <div {...(wide ? { class: wide } : {})}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  )
}

function ProfileForm({ profile, wrong }: { profile: ProfileView; wrong: readonly WrongField[] }) {
  const { SETTINGS } = useText({ es, en })
  const { errors, profile: words } = SETTINGS
  const errorOf = (name: 'name' | 'localidad' | 'nivel' | 'telefono') => (wrong.includes(name) ? errors[name] : null)
  return (
    <form class="settings-form" method="post" action={`${SETTINGS_PATH}/datos`} data-once data-online>
      <Field
        id="nombre"
        label={words.name}
        hint={words.nameHint(profile.googleName)}
        error={errorOf('name')}
        focused={wrong[0] === 'name'}
        control={(tied) => (
          <input class="input" type="text" name="nombre" value={profile.ownName} maxlength={80} autocomplete="nickname" {...tied} />
        )}
      />
      <Field
        id="email"
        label={words.email}
        hint={words.emailHint}
        error={null}
        control={(tied) => <input class="input" type="email" value={profile.email} readonly autocomplete="off" {...tied} />}
      />
      <Field
        id="localidad"
        label={words.localidad}
        error={errorOf('localidad')}
        focused={wrong[0] === 'localidad'}
        control={(tied) => (
          <input
            class="input"
            type="text"
            name="localidad"
            value={profile.localidad === '-' ? '' : profile.localidad}
            maxlength={40}
            autocomplete="address-level2"
            {...tied}
          />
        )}
      />
      <Field
        id="nivel"
        label={words.nivel}
        error={errorOf('nivel')}
        focused={wrong[0] === 'nivel'}
        control={(tied) => (
          <select name="nivel" {...tied}>
            {Object.entries(words.niveles).map(([nivel, word]) => (
              <option value={nivel} selected={nivel === profile.nivel}>
                {word}
              </option>
            ))}
          </select>
        )}
      />
      <Field
        id="telefono"
        label={words.telefono}
        hint={words.telefonoHint}
        error={errorOf('telefono')}
        focused={wrong[0] === 'telefono'}
        control={(tied) => (
          <input
            class="input"
            type="tel"
            name="telefono"
            value={profile.telefono}
            maxlength={40}
            inputmode="tel"
            autocomplete="tel"
            {...tied}
          />
        )}
      />
      <p class="settings-actions">
        <button type="submit" class="btn btn-primary">
          {SETTINGS.save}
        </button>
        <a class="btn btn-quiet" href={SETTINGS_PATH}>
          {SETTINGS.cancel}
        </a>
      </p>
    </form>
  )
}

function levelWord(words: Record<string, string>, nivel: string): string {
  return words[nivel] ?? nivel
}
