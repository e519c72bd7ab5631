/**
 * Names for nodes that were given none: two short words from the peer id, the same at every start, so that thirty
 * laptops that nobody configured can be told apart on a wall. A name is a label, not an identity.
 */
import { sha256 } from '../consensus/hash.ts'

const COLOURS = ['amber', 'ash', 'azure', 'bronze', 'clay', 'coal', 'copper', 'coral', 'cream', 'ember', 'flint', 'fern',
  'gold', 'grey', 'hazel', 'indigo', 'ivory', 'jade', 'lilac', 'lime', 'moss', 'ochre', 'olive', 'pearl', 'pine', 'plum',
  'rose', 'ruby', 'rust', 'sage', 'slate', 'teal'] as const

const ANIMALS = ['badger', 'bear', 'beaver', 'crane', 'crow', 'deer', 'dove', 'eagle', 'elk', 'falcon', 'finch', 'fox',
  'goat', 'hare', 'hawk', 'heron', 'ibex', 'jay', 'lark', 'lynx', 'marten', 'mole', 'otter', 'owl', 'pike', 'raven',
  'robin', 'seal', 'stoat', 'swan', 'wolf', 'wren'] as const

/** `flint-otter`: one of 1 024 names, by the SHA-256 of a peer id. */
export function nameOf(peerId: string): string {
  const [first = 0, second = 0] = sha256(new TextEncoder().encode(peerId))
  return `${COLOURS[first % COLOURS.length]}-${ANIMALS[second % ANIMALS.length]}`
}
