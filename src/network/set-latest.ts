/**
 * Puts an entry last in a map that keeps what was set lately: the one that was set longest ago is forgotten.
 * @param most entries that the map may have
 */
export function setLatest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= most) return
  for (const oldest of map.keys()) return void map.delete(oldest)
}
