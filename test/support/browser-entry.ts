/** What the browser test bundles: one function that asks every part of the rules and answers in text. */
import { fromAddress, toAddress } from '../../src/consensus/account.ts'
import { checkBlock, checkSignatures } from '../../src/consensus/block.ts'
import { nextBits } from '../../src/consensus/difficulty.ts'
import { genesisOf } from '../../src/consensus/genesis.ts'
import { blockHash } from '../../src/consensus/header.ts'
import { fromHex, type Hex, toHex } from '../../src/consensus/hex.ts'
import { connect } from '../../src/consensus/ledger.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { keyPair, sign, signatureVerdict } from '../../src/consensus/signature.ts'
import { makeProof } from '../../src/consensus/proof.ts'
import { type Block, decodeBlock, encodeBlock, encodeBody } from '../../src/consensus/types.ts'
import { verifyProof } from '../../src/consensus/verify-proof.ts'

/** Judges an encoded block of network `local` and says what this place makes of the rules. */
export function answers(blockHex: Hex, genesisHex: Hex): Record<string, string | number[]> {
  const local = networkParams('local')
  const block = decodeBlock(fromHex(blockHex))
  checkBlock(block, blockHash(block.header), local)
  checkSignatures(block.body, fromHex(genesisHex))
  const changes = connect(block.body, block.header.height, local, (accounts) => accounts.map(() => ({ balance: 50, nonce: 0 })))
  return {
    genesis: toHex(genesisOf(networkParams('lan')).hash),
    verdict: signatureVerdict(),
    block: toHex(encodeBlock(block)),
    balances: changes.map(({ after }) => after.balance),
    bits: nextBits({ height: 5, bits: 0x1e0f_0000, timestamp: 12_345, parentTimestamp: 0 }, networkParams('lan')).toString(16),
    miner: toHex(fromAddress(toAddress(block.body.miner))),
    proof: proofOfFirst(block, genesisHex),
    signature: toHex(sign(new Uint8Array(3), keyPair(new Uint8Array(32)))),
  }
}

/** Makes a proof and checks it. */
function proofOfFirst({ header, body }: Block, genesis: Hex): Hex {
  const proof = makeProof({
    network: 'test', genesis: fromHex(genesis), header, encodedBody: encodeBody(body), position: 0,
    confirmations: 1, following: [],
  })
  return verifyProof(JSON.parse(JSON.stringify(proof)), { genesis }).id
}

/** Globals of Node that are to be seen here. */
export const nodeGlobals = (): string[] => ['Buffer', 'process', 'global', 'setImmediate'].filter((name) => name in globalThis)
