import { readFileSync } from 'node:fs';

import { parseMaps } from './maps.ts';

const all = 2n ** 64n - 1n;

/** The bits that addresses of user space may have, where the highest mapping ends at `end`. */
export const bitsBelow = (end: bigint): bigint => 2n ** BigInt((end - 1n).toString(2).length) - 1n;

/**
 * The bits that a return address has: on aarch64 those above them are its signature, where it is signed. A stack lies at the
 * top of what addresses there are, which depends on the kernel: this process has one. Errors: those of reading /proc/self/maps.
 */
export function addressBits(): bigint {
  if (process.arch !== 'arm64') return all;
  const ends = parseMaps(readFileSync('/proc/self/maps', 'utf8')).map(({ end }) => end);
  return bitsBelow(ends.reduce((highest, end) => (end > highest ? end : highest), 0n));
}
