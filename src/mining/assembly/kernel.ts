/**
 * The hash kernel in WebAssembly SIMD: SHA-256 of four nonces side by side, one in each 32-bit lane of a vector.
 *
 * AssemblyScript, which build.ts compiles; simd-kernel.ts fills the memory and calls `scan`. What no nonce changes is
 * computed there, once for each header, and lies in memory in tables (below), every number four times over. Left
 * for each nonce are the rounds 5 to 63; the words 20 to 63, of which the first twelve are mostly constant; and one
 * comparison: of the hash's top word with the target's. Whatever passes that is looked at exactly by the caller.
 *
 * Written for the machine code that comes of it:
 * - Rounds 6 to 31 stand one by one, as each leaves out something else. The other 32 are alike and go round in a loop
 *   of 8. All 58 written out are 16 KB of code, which overflows a processor's cache of decoded instructions: as fast on
 *   a core of its own, but a fifth slower where another thread shares it.
 * - Constants are loaded: a vector in the code costs four instructions each time.
 * - Eight nonces at a time, in two interleaved sets, were a fifth slower: four leave no arithmetic unit idle for long, and
 *   the state of eight does not fit into 16 registers.
 * - Rotations are two shifts and an or; no instruction of WebAssembly rotates a vector.
 */

/** Word i of the schedule. 16 to 19 depend on no nonce and are given; from 20 on they are written here. */
const WORD: u32 = 0
/** What round i adds: K; and its word, while that is constant; and h in rounds 6 to 8; and in 63 the midstate. */
const ROUND: u32 = 64
/** The constant part of word i, for 20 to 31. */
const SCHEDULE: u32 = 128
/** The state a to h after round 5, had word 5 been zero. */
const STATE: u32 = 192
/** The top word of the target. */
const LIMIT: u32 = 200

/** From a word to the constant of the round 16 later, in bytes. */
const R: usize = 16 * (64 + 16)

function at(i: u32): v128 { return v128.load(i << 4) }
function put(i: u32, x: v128): void { v128.store(i << 4, x) }

function add(x: v128, y: v128): v128 { return i32x4.add(x, y) }
function xor(x: v128, y: v128): v128 { return v128.xor(x, y) }
function rotr(x: v128, n: i32): v128 { return v128.or(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n)) }

// The functions of FIPS 180-4, 4.1.2, and the two sums of a round, 6.2.2.
function s0(x: v128): v128 { return xor(xor(rotr(x, 7), rotr(x, 18)), i32x4.shr_u(x, 3)) }
function s1(x: v128): v128 { return xor(xor(rotr(x, 17), rotr(x, 19)), i32x4.shr_u(x, 10)) }
function S0(x: v128): v128 { return xor(xor(rotr(x, 2), rotr(x, 13)), rotr(x, 22)) }
function S1(x: v128): v128 { return xor(xor(rotr(x, 6), rotr(x, 11)), rotr(x, 25)) }
function choose(x: v128, y: v128, z: v128): v128 { return xor(z, v128.and(x, xor(y, z))) }

/** h + S1(e) + choose(e, f, g) + K + word. What is known first is added first: S1(e) is what the next round waits for. */
function T1(e: v128, f: v128, g: v128, rest: v128): v128 { return add(add(rest, choose(e, f, g)), S1(e)) }
/** S0(a) + majority(a, b, c), where ab is a ^ b and bc is b ^ c: the ab of the round before. */
function T2(a: v128, b: v128, ab: v128, bc: v128): v128 { return add(xor(b, v128.and(ab, bc)), S0(a)) }

/** A word from those 16, 15, 7 and 2 before it. */
function extend(w16: v128, w15: v128, w7: v128, w2: v128): v128 { return add(add(add(w16, w7), s0(w15)), s1(w2)) }

/**
 * Hashes `batches` times four nonces.
 * @param low the low 32 bits of the first nonce; the high ones are in the tables
 * @returns how many nonces come before the first whose hash's top word is ≤ the target's: all, where there is none
 */
export function scan(low: u32, batches: u32): u32 {
  let nonces = add(i32x4.splat(low), i32x4(0, 1, 2, 3))
  for (let batch: u32 = 0; batch < batches; batch++) {
    // The nonce is little-endian, SHA-256 reads big-endian: each lane's bytes the other way round.
    const w5 = i8x16.shuffle(nonces, nonces, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)
    nonces = add(nonces, i32x4.splat(4))

    // Each round would move a to h on by one place. Renaming them in each line instead moves nothing. Round 6 is the
    // seventh line of eight, hence the order in which the state is read here. To round 5, the nonce was one summand.
    let c = add(at(STATE), w5), d = at(STATE + 1), e = at(STATE + 2), f = at(STATE + 3)
    let g = add(at(STATE + 4), w5), h = at(STATE + 5), a = at(STATE + 6)
    let x: v128, y = xor(d, e)

    let b = T1(g, h, a, at(ROUND + 6)); f = add(f, b); x = xor(c, d); b = add(b, T2(c, d, x, y))
    a = T1(f, g, h, at(ROUND + 7)); e = add(e, a); y = xor(b, c); a = add(a, T2(b, c, y, x))
    h = T1(e, f, g, at(ROUND + 8)); d = add(d, h); x = xor(a, b); h = add(h, T2(a, b, x, y))
    g = T1(d, e, f, add(g, at(ROUND + 9))); c = add(c, g); y = xor(h, a); g = add(g, T2(h, a, y, x))
    f = T1(c, d, e, add(f, at(ROUND + 10))); b = add(b, f); x = xor(g, h); f = add(f, T2(g, h, x, y))
    e = T1(b, c, d, add(e, at(ROUND + 11))); a = add(a, e); y = xor(f, g); e = add(e, T2(f, g, y, x))
    d = T1(a, b, c, add(d, at(ROUND + 12))); h = add(h, d); x = xor(e, f); d = add(d, T2(e, f, x, y))
    c = T1(h, a, b, add(c, at(ROUND + 13))); g = add(g, c); y = xor(d, e); c = add(c, T2(d, e, y, x))
    b = T1(g, h, a, add(b, at(ROUND + 14))); f = add(f, b); x = xor(c, d); b = add(b, T2(c, d, x, y))
    a = T1(f, g, h, add(a, at(ROUND + 15))); e = add(e, a); y = xor(b, c); a = add(a, T2(b, c, y, x))
    h = T1(e, f, g, add(h, at(ROUND + 16))); d = add(d, h); x = xor(a, b); h = add(h, T2(a, b, x, y))
    g = T1(d, e, f, add(g, at(ROUND + 17))); c = add(c, g); y = xor(h, a); g = add(g, T2(h, a, y, x))
    f = T1(c, d, e, add(f, at(ROUND + 18))); b = add(b, f); x = xor(g, h); f = add(f, T2(g, h, x, y))
    e = T1(b, c, d, add(e, at(ROUND + 19))); a = add(a, e); y = xor(f, g); e = add(e, T2(f, g, y, x))
    const w20 = add(at(SCHEDULE + 20), s0(w5)); put(WORD + 20, w20)
    d = T1(a, b, c, add(add(d, at(ROUND + 20)), w20)); h = add(h, d); x = xor(e, f); d = add(d, T2(e, f, x, y))
    const w21 = add(at(SCHEDULE + 21), w5); put(WORD + 21, w21)
    c = T1(h, a, b, add(add(c, at(ROUND + 21)), w21)); g = add(g, c); y = xor(d, e); c = add(c, T2(d, e, y, x))
    const w22 = add(at(SCHEDULE + 22), s1(w20)); put(WORD + 22, w22)
    b = T1(g, h, a, add(add(b, at(ROUND + 22)), w22)); f = add(f, b); x = xor(c, d); b = add(b, T2(c, d, x, y))
    const w23 = add(at(SCHEDULE + 23), s1(w21)); put(WORD + 23, w23)
    a = T1(f, g, h, add(add(a, at(ROUND + 23)), w23)); e = add(e, a); y = xor(b, c); a = add(a, T2(b, c, y, x))
    const w24 = add(at(SCHEDULE + 24), s1(w22)); put(WORD + 24, w24)
    h = T1(e, f, g, add(add(h, at(ROUND + 24)), w24)); d = add(d, h); x = xor(a, b); h = add(h, T2(a, b, x, y))
    const w25 = add(at(SCHEDULE + 25), s1(w23)); put(WORD + 25, w25)
    g = T1(d, e, f, add(add(g, at(ROUND + 25)), w25)); c = add(c, g); y = xor(h, a); g = add(g, T2(h, a, y, x))
    const w26 = add(at(SCHEDULE + 26), s1(w24)); put(WORD + 26, w26)
    f = T1(c, d, e, add(add(f, at(ROUND + 26)), w26)); b = add(b, f); x = xor(g, h); f = add(f, T2(g, h, x, y))
    const w27 = add(add(at(SCHEDULE + 27), w20), s1(w25)); put(WORD + 27, w27)
    e = T1(b, c, d, add(add(e, at(ROUND + 27)), w27)); a = add(a, e); y = xor(f, g); e = add(e, T2(f, g, y, x))
    const w28 = add(add(at(SCHEDULE + 28), w21), s1(w26)); put(WORD + 28, w28)
    d = T1(a, b, c, add(add(d, at(ROUND + 28)), w28)); h = add(h, d); x = xor(e, f); d = add(d, T2(e, f, x, y))
    const w29 = add(add(at(SCHEDULE + 29), w22), s1(w27)); put(WORD + 29, w29)
    c = T1(h, a, b, add(add(c, at(ROUND + 29)), w29)); g = add(g, c); y = xor(d, e); c = add(c, T2(d, e, y, x))
    const w30 = add(add(at(SCHEDULE + 30), w23), s1(w28)); put(WORD + 30, w30)
    b = T1(g, h, a, add(add(b, at(ROUND + 30)), w30)); f = add(f, b); x = xor(c, d); b = add(b, T2(c, d, x, y))
    const w31 = add(add(at(SCHEDULE + 31), w24), s1(w29)); put(WORD + 31, w31)
    a = T1(f, g, h, add(add(a, at(ROUND + 31)), w31)); e = add(e, a); y = xor(b, c); a = add(a, T2(b, c, y, x))

    let p: u32 = 16 * (WORD + 16)
    do {
      const v0 = extend(v128.load(p), v128.load(p, 16 * 1), v128.load(p, 16 * 9), v128.load(p, 16 * 14))
      v128.store(p, v0, 16 * 16)
      h = T1(e, f, g, add(add(h, v128.load(p, R)), v0)); d = add(d, h); x = xor(a, b); h = add(h, T2(a, b, x, y))
      const v1 = extend(v128.load(p, 16 * 1), v128.load(p, 16 * 2), v128.load(p, 16 * 10), v128.load(p, 16 * 15))
      v128.store(p, v1, 16 * 17)
      g = T1(d, e, f, add(add(g, v128.load(p, R + 16 * 1)), v1)); c = add(c, g); y = xor(h, a); g = add(g, T2(h, a, y, x))
      const v2 = extend(v128.load(p, 16 * 2), v128.load(p, 16 * 3), v128.load(p, 16 * 11), v0)
      v128.store(p, v2, 16 * 18)
      f = T1(c, d, e, add(add(f, v128.load(p, R + 16 * 2)), v2)); b = add(b, f); x = xor(g, h); f = add(f, T2(g, h, x, y))
      const v3 = extend(v128.load(p, 16 * 3), v128.load(p, 16 * 4), v128.load(p, 16 * 12), v1)
      v128.store(p, v3, 16 * 19)
      e = T1(b, c, d, add(add(e, v128.load(p, R + 16 * 3)), v3)); a = add(a, e); y = xor(f, g); e = add(e, T2(f, g, y, x))
      const v4 = extend(v128.load(p, 16 * 4), v128.load(p, 16 * 5), v128.load(p, 16 * 13), v2)
      v128.store(p, v4, 16 * 20)
      d = T1(a, b, c, add(add(d, v128.load(p, R + 16 * 4)), v4)); h = add(h, d); x = xor(e, f); d = add(d, T2(e, f, x, y))
      const v5 = extend(v128.load(p, 16 * 5), v128.load(p, 16 * 6), v128.load(p, 16 * 14), v3)
      v128.store(p, v5, 16 * 21)
      c = T1(h, a, b, add(add(c, v128.load(p, R + 16 * 5)), v5)); g = add(g, c); y = xor(d, e); c = add(c, T2(d, e, y, x))
      const v6 = extend(v128.load(p, 16 * 6), v128.load(p, 16 * 7), v128.load(p, 16 * 15), v4)
      v128.store(p, v6, 16 * 22)
      b = T1(g, h, a, add(add(b, v128.load(p, R + 16 * 6)), v6)); f = add(f, b); x = xor(c, d); b = add(b, T2(c, d, x, y))
      const v7 = extend(v128.load(p, 16 * 7), v128.load(p, 16 * 8), v0, v5)
      v128.store(p, v7, 16 * 23)
      a = T1(f, g, h, add(add(a, v128.load(p, R + 16 * 7)), v7)); e = add(e, a); y = xor(b, c); a = add(a, T2(b, c, y, x))
      p += 16 * 8
    } while (p < 16 * (WORD + 16 + 32))

    const met = i32x4.le_u(a, at(LIMIT))
    if (v128.any_true(met)) return (batch << 2) + ctz(i32x4.bitmask(met))
  }
  return batches << 2
}
