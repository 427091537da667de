import { composeMail } from '../../features/notice/compose.ts'
import { NOTICE_KINDS } from '../../features/notice/kinds.ts'
import { sampleContext } from '../../features/notice/samples.ts'
import type { Locale } from '../../kernel/locale.ts'
import type { Picture } from './sample.ts'

/** Names of mails begin so, in the gallery and in its arguments. */
export const MAIL_PREFIX = 'mail-'

/** Every kind of mail with sample data, as a mail program would open it. */
export function mailSamples(locale: Locale): (Picture & { html: string; text: string })[] {
  return NOTICE_KINDS.flatMap((kind) => {
    const sample = sampleContext(kind)
    const mail = composeMail(kind, { ...sample, reader: { ...sample.reader, locale } })
    return mail ? [{ name: MAIL_PREFIX + kind, html: mail.html, text: `${mail.subject}\n\n${mail.text}` }] : []
  })
}
