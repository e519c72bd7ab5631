import { describe, expect, test } from 'vitest'
import type { CandidateInfo } from '../../../src/network/candidates.ts'
import type { Departure } from '../../../src/network/departures.ts'
import { ladderOf, type OwnFacts, type PeerFacts } from '../../../src/network/diagnosis/ladder.ts'
import type { Status } from '../../../src/network/messages.ts'

const now = 1_000_000
const own: OwnFacts = { now, tip: { hash: 'aa', height: 5, work: 50n }, syncing: false, enough: false, meshFull: false }
const status = (changed: Partial<Status> = {}): Status => ({
  genesis: '00', tip: 'aa', height: 5, work: 50n, time: now, account: new Uint8Array(32), name: 'luna', ...changed,
})
const connected = (changed: object = {}): PeerFacts['peer'] => ({
  key: 'peer', address: '/ip4/10.0.0.2/tcp/5051', agent: 'cairn/1', status: status(), latencyMs: 3, clockOffsetMs: 40, ...changed,
})
const candidate = (changed: Partial<CandidateInfo> = {}): CandidateInfo => ({
  source: 'found', peerId: 'peer', addresses: ['/ip4/10.0.0.2/tcp/5051'], foundAt: 0, failures: 0, lastFailure: null,
  dueAt: now + 500, dialling: false, ...changed,
})
const departure = (changed: Partial<Departure> = {}): Departure => ({
  peerId: 'peer', name: 'luna', address: '/ip4/10.0.0.2/tcp/5051', fault: null, identified: true, accepted: true, at: now - 70_000, ...changed,
})
const all = { subscribed: true, inMesh: true }
const none = { subscribed: false, inMesh: false }
const failure = { code: 'peer-unreachable', message: 'nothing answers at …', at: now - 1 }

describe('how far a peer came, and why no further', () => {
  test.each<[string, PeerFacts, Partial<OwnFacts>, reached: string, code: string | undefined]>([
    ['with our tip', { peer: connected(), ...all }, {}, 'in-sync', undefined],
    ['outside of a mesh that is full', { peer: connected(), subscribed: true, inMesh: false }, { meshFull: true }, 'in-sync', undefined],
    ['with more work, which is fetched', { peer: connected({ status: status({ tip: 'bb', work: 60n }) }), ...all }, { syncing: true }, 'in-mesh', 'fetching'],
    ['with more work, which is not fetched', { peer: connected({ status: status({ tip: 'bb', work: 60n }) }), ...all }, {}, 'in-mesh', 'behind'],
    ['with less work', { peer: connected({ status: status({ tip: 'bb', work: 40n }) }), ...all }, {}, 'in-mesh', 'peer-behind'],
    ['not in the mesh yet', { peer: connected(), subscribed: true, inMesh: false }, {}, 'subscribed', 'peer-not-in-mesh'],
    ['without gossip', { peer: connected(), ...none }, {}, 'same-network', 'peer-not-gossiping'],
    ['that told no status', { peer: connected({ status: undefined }), ...none }, {}, 'identified', 'peer-silent'],
    ['that said nothing', { peer: connected({ status: undefined, agent: null }), ...none }, {}, 'dialled', 'peer-silent'],
    ['not dialled yet', { candidate: candidate(), ...none }, {}, 'discovered', 'not-yet-dialled'],
    ['being dialled', { candidate: candidate({ dialling: true }), ...none }, {}, 'discovered', 'dialling'],
    ['that is one too many', { candidate: candidate(), ...none }, { enough: true }, 'discovered', 'enough-peers'],
    ['where nothing answers', { candidate: candidate({ lastFailure: failure }), ...none }, {}, 'discovered', 'peer-unreachable'],
    ['that left, and where nothing answers since', { candidate: candidate({ lastFailure: failure }), departure: departure(), ...none }, {}, 'discovered', 'peer-unreachable'],
    ['that left', { departure: departure(), ...none }, {}, 'same-network', 'peer-gone'],
    ['of another network', { departure: departure({ accepted: false, fault: { code: 'peer-other-network', found: '' } }), ...none }, {}, 'identified', 'peer-other-network'],
    [
      'of another network, found by dialling',
      { candidate: candidate({ lastFailure: { ...failure, code: 'peer-other-network' } }), ...none }, {}, 'identified', 'peer-other-network',
    ],
    [
      'that is banned',
      { departure: departure(), ban: { peerId: 'peer', code: 'block-bad-pow', until: now + 61_000 }, ...none }, {}, 'same-network', 'block-bad-pow',
    ],
  ])('%s', (_, facts, changed, reached, code) => {
    const found = ladderOf(facts, { ...own, ...changed })
    expect({ reached: found.reached, code: found.stopped?.code }).toEqual({ reached, code })
    expect(found.peerId).toBe('peer')
  })

  test('a ban says for how long, and a candidate when it is dialled again', () => {
    const banned = ladderOf({ candidate: candidate(), ban: { peerId: 'peer', code: 'block-bad-pow', until: now + 61_000 }, ...none }, own)
    expect(banned).toMatchObject({ refusedUntil: now + 61_000, retryAt: null, stopped: { message: expect.stringContaining('another 2 min') as string } })
    expect(ladderOf({ candidate: candidate(), ...none }, own).retryAt).toBe(now + 500)
    expect(ladderOf({ candidate: candidate(), ...none }, { ...own, enough: true }).retryAt).toBeNull()
  })
})
