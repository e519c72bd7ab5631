/** The words of the charts; see strings.ts. A chart has a term and a note, which says what it means. */
import { count } from '../../format.ts'
import { plural } from '../../plural.ts'

export const chartText = {
  charts: {
    heading: 'Charts',
    says: (blocks: number, from: string, to: string): string => `${plural(blocks, 'block')}, ${from} to ${to}`,
    ofBlocks: (window: number): string =>
      window === 1 ? 'Each dot is a block.' : `Each dot is a block; the line follows the ${count(window)} blocks around.`,
    ofGroups: (step: number, window: number): string =>
      `Each point stands for ${count(step)} blocks; the pale band reaches from the least to the most of them` +
      (window === 1 ? '.' : `, the line follows the ${count(window)} points around.`),
    range: 'Time shown',
    ranges: { hour: 'Last hour', day: 'Last day', all: 'All' },
    zoom: 'Zoom',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    keys: 'Drag over a chart to zoom in, double-click it to see everything again. By keyboard, on a chart: + and − zoom, ' +
      'arrows go from point to point, with Shift they move through time, Enter opens the block, Escape shows everything again.',
    role: 'chart',
    latest: 'latest',
    target: (target: string): string => `target ${target}`,
    tooFew: 'Charts begin with the second block: until then there is no time between two. Mine some here, on the overview, ' +
      'or with `cairn mine 5`.',
    toOverview: 'To the overview',
    noneInRange: (ago: string): string => `No block in this time. The newest is ${ago} old: choose a longer time.`,
    noArrivals: 'No block shown here came from another node while this one ran. They come as soon as a peer mines: see Network.',
    table: 'As a table',
    blockAt: (height: number, time: string): string => `Block ${count(height)}, ${time}: `,
    groupAt: (first: number, last: number, time: string): string => `Blocks ${count(first)} to ${count(last)}, ${time}: `,
    unknown: 'not known',
    spread: (median: string, least: string, most: string): string => `${median} (${least} to ${most})`,
    /** What is said of all blocks shown, where the chart itself cannot be seen. */
    summary: (median: string, least: string, most: string): string => `Median ${median}, from ${least} to ${most}`,
    throughout: (value: string): string => `${value} throughout`,
    mean: (mean: string): string => `mean ${mean}`,
    overall: (mean: string): string => `${mean} overall`,
    total: (total: number): string => `${count(total)} in all`,
    columns: { blocks: 'Block', time: 'Time', value: 'Value', least: 'Least', most: 'Most', line: 'Line' },
    blocks: (first: number, last: number): string => (first === last ? count(last) : `${count(first)}–${count(last)}`),

    interval: {
      term: 'Block interval',
      note: 'Time from one block to the next, by their headers. To find a block is luck: most come soon, some late. So where ' +
        'the mean meets the target, the median is 0.69 of it. The line is a median.',
    },
    arrival: {
      term: 'Propagation',
      note: 'From the time in a block’s header to the moment when this node had checked it, of blocks that other nodes sent ' +
        'while it ran. The header’s time is by the miner’s clock, so what that is off is in it (`cairn doctor` compares clocks), ' +
        'and so is up to half a second of the miner’s search, for a miner renews the time that often. The line is a median.',
    },
    difficulty: {
      term: 'Difficulty',
      note: 'Hashes that a block takes, on average. Each block sets the next one’s: more where it came sooner than the target.',
    },
    rate: {
      term: 'Network hash rate',
      note: 'Estimated, for nobody counts all hashes: the difficulty of the blocks around, added up, divided by the time they ' +
        'took. Luck is in it: over n blocks the estimate is off by about 1 in √n, over 25 by a fifth.',
    },
    transactions: {
      term: 'Transactions a block',
      note: 'How many payments a block holds. The line is a mean, for where most blocks are empty a median says nothing.',
    },
    fees: {
      term: 'Fees a block',
      note: 'What the payments of a block pay to its miner, together, in whole units. The line is a mean.',
    },
  },
}
