/** All that the page says in English: the measure of every other language. */
import { chartText } from './english/charts.ts'
import { miningText } from './english/mining.ts'
import { pageText, transactions } from './english/page.ts'
import { swarmText } from './english/swarm.ts'
import { viewText } from './english/views.ts'
import { walletText } from './english/wallet.ts'

export const english = { transactions, ...pageText, ...viewText, ...walletText, ...miningText, ...chartText, swarm: swarmText }
