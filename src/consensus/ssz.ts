/**
 * The SSZ types that Cairn is written in, from `@chainsafe/ssz`, made so that they load in a browser too: the library's
 * lists write their length through Node's `Buffer`, and take hold of it when they are made. Where there is none, they
 * get the one method that they call, and the global name is free again afterwards.
 */
import { ByteListType, ByteVectorType, type CompositeType, ListCompositeType, UintNumberType } from '@chainsafe/ssz'
import './hash.ts'

export { ContainerType as Container } from '@chainsafe/ssz'

/** A number of 4 bytes. */
export const u32 = new UintNumberType(4)
/** A number of 8 bytes. Above 2^53 − 1 it decodes inexactly; types.ts refuses those. */
export const u64 = new UintNumberType(8)

/** Exactly so many bytes. */
export const byteVector = (length: number): ByteVectorType => new ByteVectorType(length)

/** At most so many bytes. */
export const byteList = (limit: number): ByteListType => withBuffer(() => new ByteListType(limit))

/** At most so many elements, none of them a bare number. */
export const listOf = <V>(element: Element<V>, limit: number): ListCompositeType<Element<V>> =>
  withBuffer(() => new ListCompositeType(element, limit))

type Element<V> = CompositeType<V, unknown, unknown>

function withBuffer<T>(make: () => T): T {
  if ('Buffer' in globalThis) return make()
  const from = (bytes: ArrayBuffer, start: number, length: number) => {
    const view = new DataView(bytes, start, length)
    return { writeUIntLE: (value: number, at: number) => view.setBigUint64(at, BigInt(value), true) }
  }
  Object.defineProperty(globalThis, 'Buffer', { value: { from }, configurable: true })
  try {
    return make()
  } finally {
    Reflect.deleteProperty(globalThis, 'Buffer')
  }
}
