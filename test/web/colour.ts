/** Colours as numbers: contrast as WCAG has it, difference in OKLab, and how the colour-blind see them. */

/** Red, green, blue, each 0 to 1, linear in light. */
export type Rgb = readonly [number, number, number]

/** `#rrggbb` */
export function ofHex(hex: string): Rgb {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return [red, green, blue]
}

/** An OKLCH colour (https://bottosson.github.io/posts/oklab/), cut to what a screen can show. */
export function ofOklch(lightness: number, chroma: number, hueDegrees: number): Rgb {
  const hue = (hueDegrees * Math.PI) / 180
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return shown([
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ])
}

/** 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrastOf(one: Rgb, other: Rgb): number {
  const [least = 0, most = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b)
  return (most + 0.05) / (least + 0.05)
}

/** Distance in OKLab; about 0.02 is the least that an eye sees of two colours side by side. */
export function differenceOf(one: Rgb, other: Rgb): number {
  const [first, second] = [oklabOf(one), oklabOf(other)]
  return Math.hypot(...first.map((value, at) => value - (second[at] ?? 0)))
}

/** One colour over another. */
export const over = (top: Rgb, opacity: number, below: Rgb): Rgb => {
  // Screens mix the encoded values, not the light.
  const mixed = top.map((value, at) => linear(encoded(value) * opacity + encoded(below[at] ?? 0) * (1 - opacity)))
  return [mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0]
}

/**
 * How each kind of eye sees a colour: all three cones, without the long, the middle, or the short ones (G. M. Machado and
 * others, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1).
 */
export const EYES: Record<string, (colour: Rgb) => Rgb> = {
  usual: (colour) => colour,
  protanopia: seenThrough([0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]),
  deuteranopia: seenThrough([0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]),
  tritanopia: seenThrough([1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]),
}

function seenThrough(...rows: [Rgb, Rgb, Rgb]): (colour: Rgb) => Rgb {
  const sum = (row: Rgb, [red, green, blue]: Rgb): number => row[0] * red + row[1] * green + row[2] * blue
  return (colour) => shown([sum(rows[0], colour), sum(rows[1], colour), sum(rows[2], colour)])
}

function oklabOf([red, green, blue]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
  ]
}

const luminanceOf = ([red, green, blue]: Rgb): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue
const cut = (value: number): number => Math.min(1, Math.max(0, value))
const shown = ([red, green, blue]: Rgb): Rgb => [cut(red), cut(green), cut(blue)]
const encoded = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055)
const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
