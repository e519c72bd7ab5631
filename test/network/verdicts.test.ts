import { describe, expect, test } from 'vitest'
import { RULES, type RuleCode } from '../../src/consensus/errors.ts'
import { POLICIES, type PolicyCode } from '../../src/mempool/policy.ts'
import { FAULTS, VERDICTS } from '../../src/network/verdicts.ts'

const rules = Object.keys(RULES) as RuleCode[] // (Object.keys forgets which strings they are)
const policies = Object.keys(POLICIES) as PolicyCode[]

describe('the table of verdicts', () => {
  test('has a row for every rule, every policy and every fault, and no other', () => {
    expect(Object.keys(VERDICTS).sort()).toEqual([...rules, ...policies, ...Object.keys(FAULTS)].sort())
  })

  const [provable, early] = [true, false].map((fault) => rules.filter((code) => (RULES[code].fault !== 'nobody') === fault))

  test.each(provable ?? [])('%s is somebody’s fault: rejected, and its sender banned', (code) => {
    expect(VERDICTS[code]).toEqual({ gossip: 'reject', peer: 'ban' })
  })

  test.each(early ?? [])('%s is nobody’s fault: ignored, and nobody punished', (code) => {
    expect(VERDICTS[code]).toEqual({ gossip: 'ignore', peer: 'none' })
  })

  test.each(policies)('%s is a node’s own choice: ignored, and nobody punished', (code) => {
    expect(VERDICTS[code]).toEqual({ gossip: 'ignore', peer: 'none' })
  })

  test('a timeout never bans', () => {
    expect(VERDICTS['peer-timeout'].peer).toBe('lower')
  })
})
