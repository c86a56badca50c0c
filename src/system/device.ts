/** `major:minor` of a st_dev as stat() gives it. */
export function deviceText(device: bigint): string {
  // The C library's packing: the low 8 bits of the minor and 12 of the major, then the rest of each.
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffff_ff00n);
  return `${major}:${minor}`;
}
