/**
 * Who is connected to whom in a model, how long each link is, and which links are in gossip's mesh.
 *
 * Every link has two ends, one at each node. The ends of node n are numbered from `first[n]` to `first[n + 1] − 1`; of each
 * one knows the node at the other end (`peer`) and that node's own end of the same link (`back`). All in typed arrays: ten
 * thousand nodes with sixteen links each have 160 000 ends.
 *
 * The mesh grows as gossipsub's does (virtual/gossip.ts is the same for real nodes): at heartbeats, in the nodes' own order,
 * who has fewer than 4 mesh links grafts up to 6, who has more than 12 cuts down to 6, and whoever was cut is not grafted
 * again for 60 heartbeats. It is left to grow until a heartbeat changes nothing, and then stays: nobody comes or goes.
 */
import type { Random } from '../random.ts'
import type { Edge } from '../topology.ts'

/** A length of links: lognormal around a median, each link drawn once, both ways the same. */
export interface Latency {
  /** One way, ms. */
  medianMs: number
  /** Standard deviation of its logarithm; 0: all the same. */
  sigma: number
}

export interface Graph {
  readonly nodes: number
  readonly first: Int32Array
  readonly peer: Int32Array
  readonly back: Int32Array
  /** One way, by end, ms. */
  readonly latencyMs: Float64Array
  /** By end: 1 in the mesh. */
  readonly isMesh: Uint8Array
}

// As in virtual/gossip.ts.
const [D, D_LOW, D_HIGH] = [6, 4, 12]
const BACKOFF_HEARTBEATS = 60
/** Far more than any mesh takes to come to rest: its prunes wait for 60. */
const MOST_HEARTBEATS = 600

export function graphOf({ nodes, edges, latency, random }: { nodes: number; edges: readonly Edge[]; latency: Latency; random: Random }): Graph {
  const degrees = new Int32Array(nodes)
  for (const [a, b] of edges) {
    degrees[a] = (degrees[a] ?? 0) + 1
    degrees[b] = (degrees[b] ?? 0) + 1
  }
  const first = new Int32Array(nodes + 1)
  for (let node = 0; node < nodes; node++) first[node + 1] = (first[node] ?? 0) + (degrees[node] ?? 0)
  const ends = edges.length * 2
  const graph: Graph = {
    nodes, first, peer: new Int32Array(ends), back: new Int32Array(ends), latencyMs: new Float64Array(ends), isMesh: new Uint8Array(ends),
  }
  const next = first.slice()
  const lengths = random.fork('latency')
  const takeEnd = (node: number): number => {
    const end = next[node] ?? 0
    next[node] = end + 1
    return end
  }
  for (const [a, b] of edges) {
    const [endA, endB] = [takeEnd(a), takeEnd(b)]
    graph.peer[endA] = b
    graph.peer[endB] = a
    graph.back[endA] = endB
    graph.back[endB] = endA
    graph.latencyMs[endA] = graph.latencyMs[endB] = latency.medianMs * Math.exp(latency.sigma * normal(lengths))
  }
  growMesh(graph, random.fork('mesh'))
  return graph
}

/** The ends of a node, in or out of the mesh. */
export function* endsOf({ first, isMesh }: Graph, node: number, inMesh: 0 | 1): Generator<number> {
  for (let end = first[node] ?? 0; end < (first[node + 1] ?? 0); end++) if (isMesh[end] === inMesh) yield end
}

function growMesh(graph: Graph, random: Random): void {
  const { nodes, back, isMesh } = graph
  const order = random.shuffled(Array.from({ length: nodes }, (_, node) => node))
  /** Until which heartbeat an end is not grafted. */
  const backoff = new Int32Array(isMesh.length)
  const set = (end: number, inMesh: 0 | 1): void => {
    isMesh[end] = inMesh
    isMesh[back[end] ?? 0] = inMesh
  }
  for (let heartbeat = 1; heartbeat <= MOST_HEARTBEATS; heartbeat++) {
    let isResting = true
    for (const node of order) {
      const mesh = [...endsOf(graph, node, 1)]
      if (mesh.length < D_LOW) {
        const others = [...endsOf(graph, node, 0)]
        const free = others.filter((end) => (backoff[end] ?? 0) < heartbeat)
        if (others.length > 0) isResting = false // they may be free later
        for (const end of random.shuffled(free).slice(0, D - mesh.length)) set(end, 1)
      } else if (mesh.length > D_HIGH) {
        isResting = false
        for (const end of random.shuffled(mesh).slice(D)) {
          set(end, 0)
          backoff[end] = backoff[back[end] ?? 0] = heartbeat + BACKOFF_HEARTBEATS
        }
      }
    }
    if (isResting) return
  }
}

/** A standard normal variable (Box and Muller, 1958). */
const normal = (random: Random): number => Math.sqrt(random.exponential(2)) * Math.cos(2 * Math.PI * random.next())
