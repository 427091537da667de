import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/**
 * What axe finds wrong by the rules of these tags. Our pages have no frames, so everything runs in the page itself; by default axe opens a second
 * one for its results, and carries over everything that is right as well: most of its time.
 */
export async function violationsOf(page: Page, tags: readonly string[]) {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).withTags([...tags])
  return (await axe.setLegacyMode(true).analyze()).violations
}
