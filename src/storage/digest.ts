/** How a stored body is known again without taking it apart. */
import { hash } from 'node:crypto'

/** SHA-256 by the processor's own instructions: ten times as fast as the one that also runs in a browser. */
export const digestOf = (body: Uint8Array): Uint8Array => hash('sha256', body, 'buffer')
