/** What happens, in a sentence or two that can be read from the last row. */
import { text } from '../strings.ts'
import { nameAt, useSwarm } from './page.ts'
import type { SwarmState } from './state.ts'
import type { Story } from './story.ts'

const words = text.swarm.story
/** Nodes that are named; of more, only how many there are is said. */
const MAX_NAMED = 8
const MAX_PARTS = 4

export function StoryLine() {
  const { state } = useSwarm()
  return <p class="story" role="status">{saying(state, state.story.value)}</p>
}

function saying(state: SwarmState, story: Story): string {
  switch (story.kind) {
    case 'none': return words.none
    case 'genesis': return words.genesis
    case 'agreed': {
      const { height, settled } = story
      return settled === undefined ? words.agreed(height) : words.settled(height, settled.left, settled.entered)
    }
    case 'spreading': return words.spreading(story.height, story.have, story.of)
    case 'forked': return branches(story.branches)
    case 'parted': return `${parted(state, story.parts)} ${branches(story.branches)}`
  }
}

function parted(state: SwarmState, parts: number[][]): string {
  if (parts.length > MAX_PARTS) return words.partedMany(parts.length, Math.max(...parts.map((part) => part.length)))
  const named = parts.flat().length <= MAX_NAMED
  const each = parts.map((part) => (named ? part.map((node) => unbroken(nameAt(state, node))).join(', ') : words.part(part.length)))
  return words.parted(each.join(' | '))
}

/** A name that stays in one line: with hyphens that do not break. */
const unbroken = (name: string): string => name.replaceAll('-', '\u2011')

function branches(all: Extract<Story, { kind: 'forked' }>['branches']): string {
  const [first] = all
  if (first === undefined || all.length > 1) return words.branches(all.length, Math.min(...all.map(({ fork }) => fork)))
  return first.tip.height === 0 ? words.oneYetGenesis : words.oneYet(first.tip.height)
}
