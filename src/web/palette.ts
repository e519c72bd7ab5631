/**
 * A miner's colour: from its account alone, so that it is the same in the tree, in every list and on every screen.
 *
 * Fourteen tints, as many as an eye that lacks one of its three kinds of cones can still tell apart, two by two: they
 * were chosen for the greatest least difference under all three ways to be colour-blind, in the light theme and in the
 * dark. Where two miners share one all the same, the initial on every stone tells. The style sheet turns hue and depth
 * into a colour that suits the theme.
 */
export interface Tint {
  /** OKLCH hue, degrees. */
  hue: number
  /** 0, 1 or 2: darker to lighter. */
  depth: number
}

const HUES_BY_DEPTH = [[50, 175, 275, 330], [25, 100, 175, 275, 330], [5, 85, 140, 195, 295]]

export const TINTS: readonly Tint[] = HUES_BY_DEPTH.flatMap((hues, depth) => hues.map((hue) => ({ hue, depth })))

/** The tint of an account. */
export function tintOf(account: string): Tint {
  // FNV-1a: accounts are random already; this only folds 64 characters into one number.
  let hash = 0x811c9dc5
  for (let at = 0; at < account.length; at += 1) hash = Math.imul(hash ^ account.charCodeAt(at), 0x01000193) >>> 0
  return TINTS[(hash >>> 8) % TINTS.length] ?? { hue: 0, depth: 0 } // the lowest bits of this hash are its weakest
}

/** What the style sheet reads a stone's colour from. */
export const tintStyle = (account: string): Record<string, string> => styleOf(tintOf(account))

/**
 * The tint of one of many that are shown together, by its number: no two of fourteen are alike, where accounts' own tints
 * may be. Steps of five lead through all of them, each unlike the one before in depth and hue.
 */
export const numberedTint = (number: number): Record<string, string> => styleOf(TINTS[(number * 5) % TINTS.length] ?? { hue: 0, depth: 0 })

const styleOf = ({ hue, depth }: Tint): Record<string, string> => ({ '--hue': String(hue), '--depth': String(depth) })

/** The letter on a stone: of the miner's name, else the first that tells its account from others. */
export const initialOf = (account: string, name: string | null): string =>
  (name ?? account.slice('cairn1'.length)).slice(0, 1).toUpperCase()
