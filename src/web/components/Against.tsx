/** A hash above its target, digit by digit: that it has as many zeros is what work buys. */
import type { ComponentChildren } from 'preact'
import { text } from '../strings.ts'
import { Hash } from './Hash.tsx'

const words = text.block

interface AgainstProps {
  hash: string
  target: string
  /** More of the same below. */
  children?: ComponentChildren
  says: ComponentChildren
}

export const Against = ({ hash, target, children, says }: AgainstProps) => (
  <figure class="against">
    <p><b>{words.hash}</b> <Hash hash={hash} whole /></p>
    <p class="quiet"><b>{words.target}</b> <Hash hash={target} whole /></p>
    {children}
    <figcaption class="quiet">{says}</figcaption>
  </figure>
)
