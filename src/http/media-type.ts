/**
 * Which of the two forms of an answer a client wants: JSON, or the bytes that PROTOCOL.md defines (SSZ), by `Accept`
 * (RFC 9110, 12.5.1). Who names neither, or both alike, gets JSON; nobody is refused for what else it names.
 */

export const JSON_TYPE = 'application/json; charset=utf-8'
export const SSZ_TYPE = 'application/octet-stream'

/** What the answer depends on, for caches between us and the client. */
export const VARY = { vary: 'accept' }

export function prefersSsz(accept: string | undefined): boolean {
  if (accept === undefined) return false
  const ranges = accept.split(',').map((range) => range.split(';').map((part) => part.trim().toLowerCase()))
  const quality = (...names: string[]): number => {
    // The most exact range that covers a type says how much it is wanted.
    const range = names.map((name) => ranges.find(([type]) => type === name)).find((found) => found !== undefined)
    if (range === undefined) return 0
    const stated = range.find((part) => part.startsWith('q='))?.slice(2)
    return stated === undefined ? 1 : Number(stated) || 0
  }
  return quality(SSZ_TYPE, 'application/*', '*/*') > quality('application/json', 'application/*', '*/*')
}
