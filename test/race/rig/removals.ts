import type { Removal } from './rig.ts'

/** Rows are read without being locked. */
export const rowLocks: Removal = { rewrite: (text) => text.replace(/ for (no key )?update\b(?! skip locked)/g, '') }

/** The constraint that refuses two live classes of one teacher in one hour. */
export const noOverlap: Removal = { drop: ['ALTER TABLE virtual_class DROP CONSTRAINT virtual_class_no_overlap'] }

/** One seat, one person; never more seats than the class has. */
export const seatConstraints: Removal = {
  drop: ['ALTER TABLE participation DROP CONSTRAINT participation_seat_once', 'ALTER TABLE participation DROP CONSTRAINT participation_capacity'],
}

export function together(...removals: readonly Removal[]): Removal {
  const rewrites = removals.flatMap(({ rewrite }) => rewrite ?? [])
  const replacements = removals.flatMap(({ replace }) => replace ?? [])
  return {
    drop: removals.flatMap(({ drop }) => drop ?? []),
    rewrite: (text) => rewrites.reduce((changed, rewrite) => rewrite(changed), text),
    queueApart: removals.some(({ queueApart }) => queueApart),
    replace: (deps) => replacements.reduce((changed, replace) => ({ ...changed, ...replace({ ...deps, ...changed }) }), {}),
  }
}
