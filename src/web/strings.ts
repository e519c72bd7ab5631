/**
 * Every word that the page says, from words/english/, a file for each part. Functions where a number or a name goes in; what is
 * between backticks is something to type (see Says.tsx).
 */
import { miningText } from './words/english/mining.ts'
import { pageText } from './words/english/page.ts'
import { viewText } from './words/english/views.ts'
import { walletText } from './words/english/wallet.ts'

export { transactions } from './words/english/page.ts'

export const text = { ...pageText, ...viewText, ...walletText, ...miningText }
