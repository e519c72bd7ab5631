/**
 * What the chain asks of whoever verifies signatures beside it: verifier-pool.ts does it in threads.
 */
export interface SignatureVerifier {
  /**
   * Verifies transactions' signatures, each by the rule of `isSigned`.
   * @param encoded transactions as SSZ, from an encoding that was checked
   * @param genesisHash 32 bytes
   * @returns index of the first that is bad; undefined where all are good
   * @throws Error where it stops before it knows
   */
  firstBad(encoded: readonly Uint8Array[], genesisHash: Uint8Array): Promise<number | undefined>
}
