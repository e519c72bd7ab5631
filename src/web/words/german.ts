/** All that the page says in German: what is missing or too much beside English is an error of types. */
import type { english } from './english.ts'
import { chartText } from './german/charts.ts'
import { miningText } from './german/mining.ts'
import { pageText, transactions } from './german/page.ts'
import { swarmText } from './german/swarm.ts'
import { viewText } from './german/views.ts'
import { walletText } from './german/wallet.ts'

export const german: typeof english = { transactions, ...pageText, ...viewText, ...walletText, ...miningText, ...chartText, swarm: swarmText }
