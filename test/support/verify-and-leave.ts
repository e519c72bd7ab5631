/** A process that waits for a verifying thread and for nothing else, and stops nothing: it must answer, and then end. */
import { pino } from 'pino'
import { VerifierPool } from '../../src/chain/verifier-pool.ts'
import { encodeTransaction } from '../../src/consensus/types.ts'
import { createBlockBuilder } from './blocks.ts'

const blocks = createBlockBuilder({ funds: { alice: 1_000 } })
const encoded = Array.from({ length: 40 }, (_, nonce) => encodeTransaction(blocks.pay({ from: 'alice', to: 'bob', amount: 1, nonce })))
encoded[5]![64]! += 1
const pool = new VerifierPool({ log: pino({ level: 'silent' }) }, { threads: 2 })
void pool.firstBad(encoded, blocks.genesis.hash).then((bad) => console.log(`first bad: ${bad}`))
