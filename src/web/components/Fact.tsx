/**
 * A field of something and what it means: the meaning shows while the pointer is over its name, or the keyboard on it.
 * Stands in a `dl` of class `fields`.
 */
import type { ComponentChildren } from 'preact'
import { Term, type TermText } from './Term.tsx'

interface FactProps {
  is: TermText
  children: ComponentChildren
}

export const Fact = ({ is, children }: FactProps) => (
  <div>
    <dt><Term is={is} /></dt>
    <dd>{children}</dd>
  </div>
)
