import { refreshBusyJob } from '../features/meeting/busy.ts'
import { checkConnectionsJob } from '../features/meeting/check.ts'
import { createMeetingJob } from '../features/meeting/create.ts'
import { syncGuestsJob } from '../features/meeting/guests.ts'
import { removeMeetingJob } from '../features/meeting/remove.ts'
import { sendNoticeJob } from '../features/notice/commands.ts'
import { cleanUpJob } from '../features/operation/clean-up.ts'
import { watchDeadJobsJob } from '../features/operation/dead-jobs.ts'
import { lookAtNotificationJob } from '../features/payment/notification.ts'
import { closePreferenceJob } from '../features/payment/place.ts'
import { checkPaymentsJob, reconcileJob } from '../features/payment/reconcile.ts'
import { refundJob, reviveRefundsJob } from '../features/payment/refund.ts'
import { makeStatementsJob } from '../features/statement/jobs.ts'
import { completeClassesJob } from '../features/virtual-class/complete.ts'
import type { JobDefinition } from './define.ts'

/** Every job by name. */
export const JOBS = [
  lookAtNotificationJob,
  reconcileJob,
  checkPaymentsJob,
  closePreferenceJob,
  refundJob,
  reviveRefundsJob,
  createMeetingJob,
  removeMeetingJob,
  syncGuestsJob,
  refreshBusyJob,
  checkConnectionsJob,
  completeClassesJob,
  sendNoticeJob,
  makeStatementsJob,
  cleanUpJob,
  watchDeadJobsJob,
] as unknown as readonly JobDefinition[]
