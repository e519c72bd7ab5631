/** What every drawing of a tree of blocks is made of besides its stones' places. */
import { stoneOutline } from '../stone.ts'
import { text } from '../strings.ts'
import type { Link } from '../tree-layout.ts'

/** Where something lies, px from the left and from the top. */
export const at = (x: number, y: number) => ({ transform: `translate(${x}px, ${y}px)` })

interface RockProps {
  /** What gives it its shape, hex digits. */
  hash: string
  /** px */
  radius: number
  letter: string
}

/** A stone as such: its colour comes from the style of what it stands in. */
export function Rock({ hash, radius, letter }: RockProps) {
  const outline = stoneOutline(hash, radius)
  return (
    <svg viewBox="-40 -40 80 80" aria-hidden="true">
      <path class="rock" d={outline} />
      <path class="shine" d={outline} />
      <text>{letter}</text>
    </svg>
  )
}

/** From a stone to its child, which may lie higher: where a branch of a lower lane branches again. */
export function LinkLine({ link: { x, y, dx, dy } }: { link: Link }) {
  const bend = dx * 0.5
  return (
    <svg class="link" width={dx} height={Math.abs(dy) + 2} style={at(x, y - 1)} aria-hidden="true">
      <path d={`M0 1C${bend} 1 ${dx - bend} ${dy + 1} ${dx} ${dy + 1}`} />
    </svg>
  )
}

/** The blocks that do not fit, stacked. */
export const Fold = ({ blocks }: { blocks: number }) => (
  <div class="fold">
    <svg viewBox="0 0 44 46" aria-hidden="true">
      <path d="M3 38c0-4.4 8-6.6 19-6.6S41 33.5 41 38s-8 6.5-19 6.5S3 42.3 3 38z" />
      <path d="M9 25.5c0-3.7 5.7-6 13.4-6S35 21.7 35 25.4s-5.5 6-13 6-13-2.3-13-5.9z" />
      <path d="M14.5 13.6c0-3.5 3.5-5.9 8-5.9s7.2 2.2 7.2 5.7-3.1 5.8-7.5 5.8-7.7-2.3-7.7-5.6z" />
    </svg>
    <span>{text.tree.earlier(blocks)}</span>
  </div>
)

/** The light on every stone, from above. */
export const Shine = () => (
  <svg class="definitions" aria-hidden="true">
    <radialGradient id="shine" cx="0.4" cy="0.2" r="0.95">
      <stop offset="0" class="bright" />
      <stop offset="0.55" class="clear" />
      <stop offset="1" class="dark" />
    </radialGradient>
  </svg>
)
