/** What a node would find here, where none runs: this machine's interfaces, whether multicast works, who is nearby. */
import { type Clock, systemClock } from '../chain/clock.ts'
import { DEFAULT_NETWORK, networkParams } from '../consensus/params.ts'
import type { Diagnosis, Findings } from '../network/diagnosis/diagnosis.ts'
import { listInterfaces } from '../network/diagnosis/interfaces.ts'
import { tryMulticast } from '../network/diagnosis/multicast.ts'
import { NearbyNetworks } from '../network/diagnosis/nearby.ts'
import { verdictOf } from '../network/diagnosis/verdict.ts'
import { PEER_PORT } from '../network/protocols.ts'
import { isFree } from './free-port.ts'

/**
 * Takes as long as it listens to the LAN, a second or two.
 * @throws the signal's reason
 */
export async function examineMachine(signal: AbortSignal, clock: Clock = systemClock): Promise<Diagnosis> {
  const nearby = new NearbyNetworks(clock)
  const { interfaces, problem } = await tryMulticast(listInterfaces(), nearby, clock, signal)
  const { maxFutureMs } = networkParams(DEFAULT_NETWORK)
  const findings: Findings = {
    time: clock.now(),
    node: null,
    peers: [],
    interfaces,
    mdnsProblem: problem,
    nearby: nearby.list(undefined, interfaces.flatMap(({ address }) => address ?? [])),
    clock: { offsetMs: null, peers: 0, maxFutureMs },
  }
  const advice = verdictOf(findings)
  if (!(await isFree(PEER_PORT))) {
    advice.push({
      code: 'port-taken',
      message: `TCP port ${PEER_PORT} is in use here, by another node or program: a node that starts takes the next free one.`,
      todo: [],
    })
  }
  return { ...findings, advice }
}
