import type { Hono } from 'hono'
import { z } from 'zod'
import { canMarkAttendance } from '../../features/attendance/rules.ts'
import { linkStateOf } from '../../features/meeting/room/rules.ts'
import { type ClassRecord, classRecord } from '../../features/timeline/queries.ts'
import type { TaughtRecord } from '../../features/virtual-class/teaching.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { textIn } from '../../kernel/locale.ts'
import { formatDate, wallDate, wallTime } from '../../kernel/zoned-time.ts'
import { ClassRecordPage } from '../pages/class/class-record.tsx'
import * as en from '../pages/class/text.en.ts'
import * as es from '../pages/class/text.es.ts'
import type { ClassRecordView, TeacherView } from '../pages/class/view.ts'
import { saidOf } from '../pages/class/words.ts'
import { chromeOf, errorPage, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { readWayBack, type WayBack } from '../ui/way-back.ts'
import { mountClassParts, type TypedOnClass } from './class-parts.tsx'
import { csvFile } from './csv-file.ts'
import { viewerOf } from './guard.ts'

const ClassId = z.uuid()

/** What happened to a class, for whoever belongs to it, and for the admin with everything in it. */
export function mountClassRecord(app: Hono<AppEnv>, site: SiteOptions): void {
  for (const area of ['inicio', 'admin'] as const) {
    app.get(`/${area}/clases/:id`, (c) => showClassRecord(c, site, area === 'admin'))
    app.get(`/${area}/clases/:id/historia.csv`, (c) => download(c, site, area === 'admin'))
  }
  mountClassParts(app, site, {
    path: '/admin/clases',
    mayDecide: async () => true,
    show: (c, typed) => showClassRecord(c, site, true, typed, 400),
  })
}

async function recordOf(c: AppContext, asAdmin: boolean): Promise<ClassRecord | null> {
  const id = ClassId.safeParse(c.req.param('id'))
  return id.success ? classRecord(c.get('deps'), viewerOf(c), id.data, { asAdmin }) : null
}

const DONE: Record<string, Notice> = {
  sala: { kind: 'ok', text: 'Guardamos la sala. Si cambió el enlace, avisamos a quienes participan.' },
  meet: { kind: 'ok', text: 'La clase vuelve a ser en Google Meet.' },
  asistencia: { kind: 'ok', text: 'Guardamos la asistencia.' },
}

/** The page of a class; `typed`: with a form that has to be corrected. */
async function showClassRecord(
  c: AppContext,
  site: SiteOptions,
  asAdmin: boolean,
  typed: TypedOnClass | null = null,
  status: 200 | 400 = 200,
): Promise<Response> {
  const record = await recordOf(c, asAdmin)
  if (!record) return errorPage(c, site, 404, textIn(c.get('locale'), { es: es.PAGE, en: en.PAGE }).unknown)
  const chrome = await chromeOf(c, site, asAdmin ? (DONE[c.req.query('ok') ?? ''] ?? null) : null)
  const view = viewOf(record, c.get('deps').clock.now(), typed, readWayBack(c.req.query('volver'), asAdmin ? 'admin' : 'inicio'))
  return render(c, <ClassRecordPage chrome={asAdmin ? { ...chrome, path: '/admin' } : chrome} {...view} />, status)
}

async function download(c: AppContext, site: SiteOptions, asAdmin: boolean): Promise<Response> {
  const record = await recordOf(c, asAdmin)
  if (!record) return errorPage(c, site, 404, textIn(c.get('locale'), { es: es.PAGE, en: en.PAGE }).unknown)
  const locale = c.get('locale')
  const { columns, file } = textIn(locale, { es: es.PAGE, en: en.PAGE })
  const rows = record.entries.map(({ at, event }) => {
    const { title, detail } = saidOf(event, locale)
    return [formatDate(at), wallTime(at), title, detail]
  })
  return csvFile(c, `${file}-${wallDate(record.bookedClass.startsAt)}`, [columns, ...rows])
}

function viewOf(record: ClassRecord, now: Date, typed: TypedOnClass | null, back: WayBack | null): ClassRecordView {
  const { bookedClass, order, viewerRole } = record
  const isGuest = viewerRole === 'guest'
  return {
    id: bookedClass.id,
    startsAt: bookedClass.startsAt,
    endsAt: bookedClass.endsAt,
    type: bookedClass.classType,
    people: record.people,
    peopleMax: bookedClass.maxParticipants,
    status: bookedClass.status,
    listedIn: isToCome(record, now) ? 'my-classes' : 'history',
    back,
    preparing: bookedClass.status === 'pending' && bookedClass.paidAt !== null,
    cancelReason: bookedClass.cancelReason,
    viewerRole,
    hostName: record.hostName,
    teacherName: record.teacherName,
    guestNames: record.guestNames,
    objective: bookedClass.learningFocus?.trim() || null,
    price: isGuest ? null : bookedClass.priceCentavos,
    receiptHref: order && record.hasReceipt && !isGuest ? `/inicio/facturacion/${order.id}` : null,
    entries: record.entries,
    linkLost: linkStateOf(bookedClass) === 'lost' && now < bookedClass.endsAt,
    teacher: viewerRole === 'admin' ? teacherView(record, now, typed, enterHrefOf(record, now)) : null,
  }
}

/** As Mis Clases and Historial choose: bookings and classes until their end, given up ones only if they had been classes. */
function isToCome({ bookedClass: { status, endsAt }, wasConfirmed }: ClassRecord, now: Date): boolean {
  if (now >= endsAt || status === 'completed') return false
  return status !== 'cancelled' || wasConfirmed
}

/** The admin is bound to the state only. */
function enterHrefOf({ bookedClass }: ClassRecord, now: Date): string | null {
  return bookedClass.status === 'scheduled' && now < bookedClass.endsAt ? `/api/classes/${bookedClass.id}/join` : null
}

/** What whoever gives a class, or runs the academy, decides on its page. */
export function teacherView(
  { bookedClass, roster }: Pick<ClassRecord, 'bookedClass'> & { roster: TaughtRecord['roster'] },
  now: Date,
  typed: TypedOnClass | null,
  enterHref: string | null,
): TeacherView {
  const isOver = now >= bookedClass.endsAt
  return {
    room: {
      state: isOver ? 'none' : linkStateOf(bookedClass),
      host: URL.parse(bookedClass.roomUrl ?? '')?.hostname ?? null,
      enterHref,
      typed: typed?.room.typed ?? bookedClass.roomUrl ?? '',
      error: typed?.room.error ?? null,
    },
    attendance: {
      canMark: canMarkAttendance(bookedClass, now),
      people: roster.map(({ userId, name, attendance }) => ({
        userId,
        name,
        attended: attendance?.attended ?? null,
        minutes: attendance?.minutes ?? null,
        source: attendance?.source ?? (bookedClass.attendanceReadAt ? 'unknown' : null),
      })),
    },
  }
}
