/** The network of the chains that are tortured: the same in the process that is killed and in the one that looks afterwards. */
import { type BlockBuilder, createBlockBuilder } from '../support/blocks.ts'

export const PEOPLE = ['alice', 'bob', 'carol', 'dave']

export const tortureNetwork = (): BlockBuilder =>
  createBlockBuilder({ seed: 99, funds: Object.fromEntries(PEOPLE.map((name) => [name, 1_000_000])) })
