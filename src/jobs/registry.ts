import { generateActivitiesJob, lookAfterActivitiesJob } from '../features/activity/generate.ts'
import { markTextsJob } from '../features/activity/marking.ts'
import { readAttendanceJob } from '../features/attendance/commands.ts'
import { checkConnectionsJob, tryOutJob } from '../features/meeting/check.ts'
import { createMeetingJob } from '../features/meeting/create.ts'
import { syncGuestsJob } from '../features/meeting/guests.ts'
import { leaveCalendarJob } from '../features/meeting/leave.ts'
import { checkLinksJob } from '../features/meeting/links.ts'
import { moveMeetingJob } from '../features/meeting/move.ts'
import { removeMeetingJob } from '../features/meeting/remove.ts'
import { restoreEventJob } from '../features/meeting/restore.ts'
import { reviveMeetingsJob } from '../features/meeting/revive.ts'
import { tellEventJob } from '../features/meeting/room/event.ts'
import { tendChannelsJob } from '../features/mirror/channels.ts'
import { pollCalendarsJob, syncCalendarJob } from '../features/mirror/sync.ts'
import { sendNoticeJob } from '../features/notice/commands.ts'
import { remindJob } from '../features/notice/reminders.ts'
import { cleanUpJob } from '../features/operation/clean-up.ts'
import { watchDeadJobsJob } from '../features/operation/dead-jobs.ts'
import { closePreferenceJob } from '../features/payment/close-preference.ts'
import { lookAtHintJob, lookAtNotificationJob } from '../features/payment/notification.ts'
import { checkPaymentsJob, reconcileJob } from '../features/payment/reconcile.ts'
import { refundJob, reviveRefundsJob } from '../features/payment/refund.ts'
import { makeStatementsJob } from '../features/statement/jobs.ts'
import { completeClassesJob } from '../features/virtual-class/complete.ts'
import type { JobDefinition } from './define.ts'

/** Every job by name. */
export const JOBS = [
  lookAtNotificationJob,
  lookAtHintJob,
  reconcileJob,
  checkPaymentsJob,
  closePreferenceJob,
  refundJob,
  reviveRefundsJob,
  createMeetingJob,
  moveMeetingJob,
  removeMeetingJob,
  restoreEventJob,
  leaveCalendarJob,
  syncGuestsJob,
  tellEventJob,
  reviveMeetingsJob,
  syncCalendarJob,
  pollCalendarsJob,
  tendChannelsJob,
  checkLinksJob,
  checkConnectionsJob,
  tryOutJob,
  completeClassesJob,
  readAttendanceJob,
  generateActivitiesJob,
  lookAfterActivitiesJob,
  markTextsJob,
  sendNoticeJob,
  remindJob,
  makeStatementsJob,
  cleanUpJob,
  watchDeadJobsJob,
] as unknown as readonly JobDefinition[]
