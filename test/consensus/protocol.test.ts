/**
 * PROTOCOL.md is what others build on, so what it says in numbers is held against the code.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { bodyRoot } from '../../src/consensus/block.ts'
import { RULES } from '../../src/consensus/errors.ts'
import { genesisOf } from '../../src/consensus/genesis.ts'
import { blockHash } from '../../src/consensus/header.ts'
import { fromHex, toHex } from '../../src/consensus/hex.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { makeProof } from '../../src/consensus/proof.ts'
import { PROOF_FAULTS } from '../../src/consensus/proof-error.ts'
import { EXPECTED_VERDICT, keyPair } from '../../src/consensus/signature.ts'
import { signTransaction, transactionId } from '../../src/consensus/transaction.ts'
import {
  decodeBody,
  decodeHeader,
  encodeBody,
  encodeTransaction,
  HeaderType,
  NetworkParamsType,
  TransactionType,
} from '../../src/consensus/types.ts'
import { protocolsOf } from '../../src/network/protocols.ts'
import { createBlockBuilder } from '../support/blocks.ts'

const blocks = createBlockBuilder({ seed: 1, funds: { alice: 1 } })
const text = readFileSync(new URL('../../src/consensus/PROTOCOL.md', import.meta.url), 'utf8')

/** The rows of the table whose heading begins with these columns, as cells without code marks. */
function table(...columns: string[]): string[][] {
  const lines = text.split('\n')
  const at = lines.findIndex((line) => line.startsWith(`| ${columns.join(' | ')} |`))
  if (at < 0) throw new Error(`PROTOCOL.md has no table that begins with ${columns.join(', ')}`)
  const end = lines.findIndex((line, index) => index > at && !line.startsWith('|'))
  const cells = (line: string) => line.split('|').slice(1, -1).map((cell) => cell.replaceAll('`', '').trim())
  return lines.slice(at + 2, end).map(cells)
}

/** Names of a container's fields in order, with their SSZ types in the words of PROTOCOL.md. */
const fieldsOf = (type: { fields: Record<string, { typeName: string }> }): [name: string, type: string][] =>
  Object.entries(type.fields).map(([name, { typeName }]) => [
    name,
    typeName.replace(/^uint/, 'u').replace(/^ByteVector\[(\d+)\]$/, 'Bytes$1'),
  ])

test('the table of rules is RULES, row for row', () => {
  const rows = table('Code', 'Layer', 'Fault', 'Asks')
  expect(rows).toEqual(Object.entries(RULES).map(([code, { layer, fault, asks }]) => [code, layer, fault, asks]))
})

test('the table of a proof’s failures is PROOF_FAULTS, and its fields are a proof’s', () => {
  expect(table('Code of a proof', 'Asks')).toEqual(Object.entries(PROOF_FAULTS))
  const fields = table('Field', 'Holds').flatMap(([names]) => names!.split(', '))
  const { block } = blocks.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] })
  const { header, body } = block
  const proof = makeProof({
    network: blocks.params.name, genesis: blocks.genesis.hash, header, encodedBody: encodeBody(body), position: 0,
    confirmations: 1, following: [],
  })
  expect(fields).toEqual(Object.keys(proof))
})

describe('encodings', () => {
  test('of a header: names, types, places, 92 bytes', () => {
    const rows = table('Offset', 'Bytes', 'Field', 'Type').filter((_, at) => at < 7)
    expect(rows.map(([, , name, type]) => [name, type])).toEqual(fieldsOf(HeaderType))
    let offset = 0
    for (const [at, bytes] of rows) {
      expect(Number(at)).toBe(offset)
      offset += Number(bytes)
    }
    expect(offset).toBe(HeaderType.fixedSize)
  })

  test('of a transaction: names and types, the memo last', () => {
    const heading = text.indexOf('### Transaction')
    const rows = text.slice(heading, text.indexOf('### Body')).split('\n').filter((line) => /^\| \d/.test(line))
    const named = rows.map((row) => row.split('|').map((cell) => cell.replaceAll('`', '').trim()).slice(1, 5))
    const fields = named.map(([, , name, type]) => [name, type]).filter(([name]) => name !== 'offset of memo')
    expect(fields.sort()).toEqual(fieldsOf(TransactionType).sort())
    expect(named.map(([offset]) => Number(offset))).toEqual([0, 32, 64, 72, 80, 88, 92, 156])
  })

  test('of the parameters: names, types, defaults', () => {
    const rows = table('Field', 'Type', 'Default', 'Allowed')
    const types = fieldsOf(NetworkParamsType)
    expect(rows.map(([name]) => name)).toEqual(types.map(([name]) => name))
    // The container inside the list is spelled out in the text.
    expect(rows.slice(1, -1).map(([, type]) => type)).toEqual(types.slice(1, -1).map(([, type]) => type))
    expect(rows[0]![1]).toBe('ByteList[32], UTF-8')
    expect(types[0]![1]).toBe('ByteList[32]')
    const { name: _, allocations, ...defaults } = networkParams('lan')
    expect(rows.slice(1, -1).map(([, , value]) => Number(value!.replaceAll(' ', '')))).toEqual(Object.values(defaults))
    expect(allocations).toEqual([])
  })
})

describe('values to check against', () => {
  test('the table of genesis blocks', () => {
    for (const [name, root, hash] of table('Network', 'Root of the parameters', 'Genesis hash')) {
      const genesis = genesisOf(networkParams(name!))
      expect([toHex(genesis.block.header.bodyRoot), toHex(genesis.hash)], name).toEqual([root, hash])
    }
  })

  const [alice, bob] = [1, 2].map((byte) => keyPair(new Uint8Array(32).fill(byte)))
  const memo = new TextEncoder().encode('rent')
  const payment = signTransaction(
    { sender: alice!.publicKey, recipient: bob!.publicKey, amount: 30, fee: 1, nonce: 0, memo },
    alice!,
    genesisOf(networkParams('lan')).hash,
  )

  test('the accounts', () => {
    for (const { publicKey } of [alice!, bob!]) expect(text).toContain(`    ${toHex(publicKey)}   ${toAddress(publicKey)}\n`)
  })

  test('the transaction, its id and the roots of bodies with it', () => {
    const lines = /\n((?: {4}[0-9a-f]+\n)+) {4}id ([0-9a-f]{64})\n/.exec(text)
    expect(lines![1]!.replace(/\s/g, '')).toBe(toHex(encodeTransaction(payment)))
    expect(lines![2]).toBe(toHex(transactionId(payment)))
    const roots = [[], [payment]].map((transactions) => toHex(bodyRoot({ miner: alice!.publicKey, transactions })))
    expect(text).toContain(roots.map((root) => `    ${root}\n`).join(''))
  })

  test('the block', () => {
    const given = (name: string) => new RegExp(`\n {4}${name} +([0-9a-f]+)\n`).exec(text)![1]!
    const [header, body, hash] = ['header', 'body', 'hash'].map(given)
    const decoded = decodeHeader(fromHex(header!))
    expect(decoded).toMatchObject({ height: 1, nonce: 0, parent: genesisOf(networkParams('local')).hash })
    expect(toHex(blockHash(decoded))).toBe(hash)
    expect(toHex(bodyRoot(decodeBody(fromHex(body!))))).toBe(toHex(decoded.bodyRoot))
  })

  test('the verdict on speccheck', () => {
    expect(text).toContain(`\n    ${EXPECTED_VERDICT} `)
  })
})

test('the names of part 7 are those that the network uses', () => {
  const names = table('What', 'Name', 'Content').map(([, name]) => name)
  expect(names).toEqual(Object.values(protocolsOf('ID')))
})
