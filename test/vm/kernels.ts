/** A Debian kernel to test on: the newest that the suite offers as `linux-image-amd64`. */
export interface Kernel {
  readonly name: string;
  readonly archive: 'debian' | 'debian-security';
  readonly suite: string;
}

/** Each long-term kernel of a Debian release, and the newest kernel there is. */
export const kernels: readonly Kernel[] = [
  { name: '5.10', archive: 'debian-security', suite: 'bullseye-security' },
  { name: '6.1', archive: 'debian-security', suite: 'bookworm-security' },
  { name: '6.12', archive: 'debian-security', suite: 'trixie-security' },
  { name: 'sid', archive: 'debian', suite: 'sid' },
];
