/** The version of this package, as peers and logs see it. */
import { readFileSync } from 'node:fs'

const read = (url: URL): string => (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version

/** Semantic version from package.json. */
export const VERSION: string = read(new URL('../../package.json', import.meta.url))
