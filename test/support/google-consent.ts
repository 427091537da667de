export interface Choice {
  email: string
  /** Says no on the consent page. */
  deny?: boolean
  /** Calendar scopes whose boxes are unticked. */
  untick?: readonly string[]
}

const STEPS_MAX = 5

/** What a person does on Google's pages, from the address the application sent them to until Google sends them back to `home`. Returns the callback. */
export async function walkGoogle(address: string, choice: Choice, home: string): Promise<URL> {
  let answer = await fetch(address, { redirect: 'manual' })
  for (let step = 0; step < STEPS_MAX; step++) {
    const location = answer.headers.get('location')
    if (location?.startsWith(home)) return new URL(location)
    if (location) {
      answer = await fetch(new URL(location, address), { redirect: 'manual' })
      continue
    }
    answer = await submitPage(await answer.text(), address, choice)
  }
  throw new Error(`Google did not come to an end; it says ${answer.status} ${(await answer.text()).slice(0, 300)}`)
}

function submitPage(html: string, address: string, choice: Choice): Promise<Response> {
  const request = /name="request" value="([^"]+)"/.exec(html)?.[1]
  if (!request) throw new Error(`Not a page of the sign-in: ${html.slice(0, 300)}`)
  const asksConsent = html.includes('/signin/consent')
  const form = new URLSearchParams({ request })
  if (asksConsent) {
    form.set('decision', choice.deny ? 'deny' : 'allow')
    for (const [, scope = ''] of html.matchAll(/name="scope" value="([^"]+)"/g))
      if (!choice.untick?.includes(scope)) form.append('scope', scope)
  } else form.set('email', choice.email)
  return fetch(new URL(asksConsent ? '/signin/consent' : '/signin/account', address), { method: 'POST', body: form, redirect: 'manual' })
}

/** `name=value` pairs of the cookies that an answer sets, without those it deletes. */
export function cookiesSet(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .filter((pair) => !pair.endsWith('='))
    .join('; ')
}
