/** A hash or id: the zeros that work bought dimmed, the rest shortened in the middle unless it is wanted whole. */
import { splitHash } from '../format.ts'

export function Hash({ hash, whole = false }: { hash: string; whole?: boolean }) {
  const { zeros, start, end } = splitHash(hash)
  return (
    <code class={whole ? 'hash whole' : 'hash'} title={whole ? undefined : hash}>
      <span class="zeros">{zeros}</span>{whole ? hash.slice(zeros.length) : `${start}·${end}`}
    </code>
  )
}
