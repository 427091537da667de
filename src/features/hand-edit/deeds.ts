/** What a class's story tells of its event: what a hand did to it, and what put it right. */
export const EDIT_DEEDS = ['deleted', 'moved', 'repaired', 'conflict', 'put-back', 'restored', 'brought', 'double'] as const
export type EditDeed = (typeof EDIT_DEEDS)[number]
