/** What `#kernel` is once build.ts has run. */
export declare const wasm: Uint8Array<ArrayBuffer>
