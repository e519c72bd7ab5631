/**
 * A miner's colour: from its account alone, so that it is the same in the tree, in every list and on every screen.
 *
 * Ten hues in three depths. Depth tells apart what a colour-blind eye sees as one hue, and every stone carries its
 * miner's initial besides. The style sheet turns the two numbers into a colour that suits the light or the dark theme.
 */
const HUES = [28, 52, 80, 115, 150, 185, 222, 258, 298, 345]
const DEPTHS = 3

export interface Tint {
  /** OKLCH hue, degrees. */
  hue: number
  /** 0, 1 or 2: darker to lighter. */
  depth: number
}

/** The tint of an account. */
export function tintOf(account: string): Tint {
  // FNV-1a: accounts are random already; this only folds 64 characters into one number.
  let hash = 0x811c9dc5
  for (let at = 0; at < account.length; at += 1) hash = Math.imul(hash ^ account.charCodeAt(at), 0x01000193) >>> 0
  return { hue: HUES[hash % HUES.length] ?? 0, depth: (hash >>> 16) % DEPTHS }
}

/** What the style sheet reads a stone's colour from. */
export const tintStyle = (account: string): Record<string, string> => {
  const { hue, depth } = tintOf(account)
  return { '--hue': String(hue), '--depth': String(depth) }
}

/** The letter on a stone: of the miner's name, else the first that tells its account from others. */
export const initialOf = (account: string, name: string | null): string =>
  (name ?? account.slice('cairn1'.length)).slice(0, 1).toUpperCase()
