import { release } from 'node:os';

/** Major and minor number of the running kernel. */
export function kernelRelease(): readonly [number, number] {
  const [major = 0, minor = 0] = release().split('.', 2).map(Number);
  return [major, minor];
}
