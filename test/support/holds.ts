/** Properties on drawn inputs: fast-check prints the smallest input that fails. */
import fc from 'fast-check'

/** Checks a property on inputs of a fixed seed, so that a test is the same test every time. */
export function holds<T>(inputs: fc.Arbitrary<T>, property: (input: T) => void, numRuns = 300): void {
  fc.assert(fc.property(inputs, (input) => void property(input)), { seed: 53, numRuns })
}

/** The same for a property that waits. */
export async function holdsAsync<T>(inputs: fc.Arbitrary<T>, property: (input: T) => Promise<void>, numRuns = 50): Promise<void> {
  await fc.assert(fc.asyncProperty(inputs, property), { seed: 53, numRuns })
}
