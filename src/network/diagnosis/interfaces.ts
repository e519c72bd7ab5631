/** This machine's interfaces, told apart by their names: the LAN's, a VPN's, those of containers, the loopback. */
import { networkInterfaces } from 'node:os'
import type { Interfaces } from '../lan-address.ts'
import type { InterfaceDiagnosis } from './diagnosis.ts'

/** Tunnels, as Linux, macOS, the BSDs and Windows name them, and as VPN programs name their own. */
const VPN = /^(tun|tap|utun|wg|ppp|ipsec|gpd|zt|tailscale|wireguard|openvpn|nordlynx|proton|mullvad|cscotun)|\bvpn\b/i
/** Docker, Podman, Kubernetes, LXC, libvirt, VMware, VirtualBox, Hyper-V and WSL. */
const VIRTUAL = /^(docker|podman|br-|cni|flannel|cali|veth|lxc|lxd|virbr|vmnet|vmenet|vboxnet|vEthernet|virtualbox|vmware|bridge\d)/i

/** @param internal whether the system says that no packet leaves the machine by it */
export function kindOf(name: string, internal: boolean): InterfaceDiagnosis['kind'] {
  if (internal) return 'loopback'
  if (VPN.test(name)) return 'vpn'
  return VIRTUAL.test(name) ? 'virtual' : 'lan'
}

/**
 * Every interface that has an address, the LAN's first. Nothing is tried yet.
 * @param interfaces as the system lists them
 */
export function listInterfaces(interfaces: Interfaces = networkInterfaces()): InterfaceDiagnosis[] {
  const order: InterfaceDiagnosis['kind'][] = ['lan', 'vpn', 'virtual', 'loopback']
  return Object.entries(interfaces)
    .flatMap(([name, infos = []]): InterfaceDiagnosis[] => {
      const ipv4 = infos.filter(({ family }) => family === 'IPv4')
      const [any] = infos
      // Of IPv6 alone, link-local addresses are on interfaces that are in no network, such as a Mac's.
      const ipv6 = ipv4.length === 0 && infos.some(({ address }) => !/^fe80:/i.test(address))
      const addresses: (string | null)[] = ipv6 ? [null] : ipv4.map(({ address }) => address)
      const kind = kindOf(name, any?.internal ?? false)
      return addresses.map((address) => ({ name, address, kind, multicast: null }))
    })
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}
