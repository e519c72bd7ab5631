/**
 * What somebody types on a second machine to join this node's network, from what the node says of itself.
 *
 * @example
 *   joinLine({ network: 'class-101', byName: true, networkKey: null, addresses })
 *   // 'npx cairn start --network class-101 --peer /ip4/192.168.1.20/tcp/5051/p2p/12D3…'
 */
export interface Joinable {
  network: string
  /** Whether the name alone gives this very network; else its parameter file is needed. */
  byName: boolean
  /** Fingerprint of the key of a private network, else null. */
  networkKey: string | null
  /** Multiaddrs that the node listens on. */
  addresses: readonly string[]
}

export function joinLine({ network, byName, networkKey, addresses }: Joinable): string {
  const name = byName ? network : `${network}.json`
  const address = addressForOthers(addresses) ?? addresses[0]
  return [
    'npx cairn start --network', /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`,
    ...(networkKey === null ? [] : ['--network-key FILE']),
    ...(address === undefined ? [] : [`--peer ${address}`]),
  ].join(' ')
}

/** The address that other machines reach the node at; undefined where it listens on this machine alone. */
export const addressForOthers = (addresses: readonly string[]): string | undefined =>
  addresses.find((address) => /^\/ip4\/(?!127\.)/.test(address)) ??
  addresses.find((address) => !/^\/ip4\/127\.|^\/ip6\/::1\//.test(address))
