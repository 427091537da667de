/** The numbers of the academy that pages tell people about; each comes from the configuration. */
export type Policy = {
  slotMinutes: number
  holdMinutes: number
  joinLeadMinutes: number
  /** Whether a class can be entered until its end, or by newcomers only until its start. */
  joinCutoff: 'end' | 'start'
  /** A host who cancels this long before gets everything back. */
  refundHours: number
  rescheduleHours: number
  /** 0: hosts cannot move a class. */
  maxReschedules: number
}
