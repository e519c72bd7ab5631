/** The words of a swarm's page; see strings.ts. */
import { count } from '../../format.ts'
import { plural } from '../../plural.ts'

export const swarmText = {
  title: 'Cairn swarm',
  titleOf: (height: number, nodes: number): string => `${count(height)} · ${plural(nodes, 'node')} · Cairn swarm`,
  nodes: (number: number): string => plural(number, 'node'),
  seed: (seed: string): string => `seed ${seed}`,
  seedTitle: 'cairn swarm with --seed and this number makes the same keys, names and connections again',
  connection: { connecting: 'connecting…', live: 'live', lost: 'swarm not reachable' },
  notice: {
    lost: 'The swarm does not answer. What you see is its last word; the page goes on by itself when there is one again. ' +
      'To start one: `cairn swarm 10`',
    reading: 'Reading only. To mine, part and heal, open the address that `cairn swarm` printed: it carries the token.',
    refused: 'The token in that address is not this swarm’s, so the page reads only. ' +
      'Open the address that `cairn swarm` printed.',
  },

  story: {
    none: 'No node runs.',
    genesis: 'All agree on genesis: the chain begins with the first block that somebody mines.',
    agreed: (height: number): string => `All agree on block ${count(height)}.`,
    settled: (height: number, left: number, entered: number): string =>
      `All agree again, on block ${count(height)}: ${plural(left, 'block')} left, ${count(entered)} entered.`,
    spreading: (height: number, have: number, of: number): string =>
      `Block ${count(height)} spreads: ${count(have)} of ${plural(of, 'node')} have it.`,
    parted: (parts: string): string => `The network is parted: ${parts}.`,
    partedMany: (parts: number, largest: number): string =>
      `The network is parted into ${count(parts)} parts, the largest of ${plural(largest, 'node')}.`,
    oneYet: (height: number): string => `All still agree on block ${count(height)}.`,
    oneYetGenesis: 'All still agree on genesis.',
    branches: (number: number, fork: number): string =>
      `${count(number)} branches since ${fork === 0 ? 'genesis' : `block ${count(fork)}`}.`,
    part: (nodes: number): string => plural(nodes, 'node'),
  },

  tree: {
    label: 'The blocks of all nodes, newest at the right',
    block: (height: number, miner: string, payments: number): string =>
      `Block ${count(height)} by ${miner}${payments === 0 ? '' : `, ${plural(payments, 'payment')}`}`,
    genesisBlock: 'Block 0: genesis',
    /** Follows either. */
    here: (names: string, number: number): string => `, where ${names} ${number === 1 ? 'stands' : 'stand'}`,
    nobody: 'nobody’s any more',
    stranger: 'somebody else',
  },

  graph: {
    label: (nodes: number, parts: number): string =>
      `The network: ${plural(nodes, 'node')}${parts === 1 ? '' : ` in ${count(parts)} parts`}. The table below says the same in words.`,
    node: (name: string, height: number): string => `${name}, at block ${count(height)}`,
    stopped: (name: string): string => `${name}, does not run`,
    hint: 'Click nodes to choose them, or draw a box while you hold Shift. A line drawn through the network parts it. Click a link to cut it or make it slow.',
    hintByFinger: 'Tap nodes to choose them, or a link to cut it or make it slow. A line drawn sideways through the network parts it.',
    cut: (sizes: string): string => `parts it into ${sizes}`,
    box: (nodes: number): string => `chooses ${plural(nodes, 'node')}`,
    legend: { here: 'a node has the colour of the block that it stands on', cut: 'cut', off: 'does not run', mining: 'mines on and on' },
  },

  act: {
    label: 'What to do',
    everybody: 'Everybody',
    chosen: (names: string): string => `Chosen: ${names}`,
    choose: 'Choose none',
    mineOne: 'Mine a block',
    mineOneTitle: 'A node that runs, drawn by lot, mines one block',
    mineEach: 'Mine a block each',
    mineOn: 'Mine on and on',
    stopMining: 'Stop mining',
    halve: 'Part in two',
    part: 'Part from the others',
    heal: 'Heal the network',
    kill: 'Kill',
    restart: 'Restart',
    join: 'Add a node',
    latency: 'Latency',
    loss: 'Loss',
    latencyIs: (ms: number): string => `${count(ms)} ms`,
    lossIs: (percent: number): string => `${count(percent)}\u00a0%`,
    payments: 'Payments',
    paymentsIs: (perMinute: number): string => `${count(perMinute)} / min`,
    paid: (sent: number, pending: number): string => `${plural(sent, 'payment')} so far, ${pending === 0 ? 'none waits' : `${count(pending)} ${pending === 1 ? 'waits' : 'wait'} for a block`}.`,
    link: 'The link between them',
    branches: 'Who stands where',
    branch: (height: number, miner: string): string => `block ${count(height)} by ${miner}`,
    genesis: 'genesis',
    longer: (blocks: number, fork: number): string => `${plural(blocks, 'block')} since ${fork === 0 ? 'genesis' : `block ${count(fork)}`}`,
  },

  link: {
    label: (one: string, other: string): string => `Link between ${one} and ${other}`,
    open: (one: string, other: string): string => `${one} – ${other}: click to cut it or to change it`,
    state: { connected: 'connected', cut: 'cut: nothing passes', apart: 'not connected now' },
    cut: 'Cut this link',
    heal: 'Heal this link',
    same: 'As every link',
    close: 'Close',
  },

  table: {
    label: 'Nodes',
    choose: 'Choose',
    node: 'Node',
    block: 'Stands on',
    links: 'Links',
    mined: 'Mined',
    mining: 'Mines on and on',
    act: 'Now',
    mine: 'Mine one',
    miningOne: 'mining…',
    kill: 'Kill',
    restart: 'Restart',
    off: 'does not run',
    linksOf: (connected: number, all: number): string => (connected === all ? count(all) : `${count(connected)} of ${count(all)}`),
    chooseNode: (name: string): string => `choose ${name}`,
    mineAt: (name: string): string => `${name} mines on and on`,
  },
}
