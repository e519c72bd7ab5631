/**
 * What axe-core (https://github.com/dequelabs/axe-core) finds wrong with a page for those who cannot see it, cannot see it
 * well, or have no pointer: WCAG 2.2 A and AA, and good practice besides. Each finding is one line with the rule, the
 * element and what to do.
 *
 * @example
 *   expect(await violationsOf(page)).toEqual([])
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Findings on what the page shows now; none where all is well. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Through the debugger, as a tag would break the page's Content-Security-Policy; once for each document.
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(SOURCE)
  const { violations } = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })")
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`),
  )
}
