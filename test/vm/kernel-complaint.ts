/** start.sh has the kernel log this before the command: what Debian's kernels complain of as they boot is not its doing. */
const begin = 'memtrace: the command begins';

export const hasBegun = (console: string): boolean => console.includes(begin);

/** Oops, BUG(), WARN(), lockups and stalls, as the kernel begins to tell of them. */
const complaints: readonly RegExp[] = [
  /\bOops\b/,
  /: [0-9a-f]{4} \[#\d+\]/,
  /\bBUG:/,
  /kernel BUG at/,
  /-\[ cut here \]-/,
  /\brcu: INFO: .*stall/,
  /Kernel panic/,
];
const mostLines = 20;

/** Bits of /proc/sys/kernel/tainted (Documentation/admin-guide/tainted-kernels.rst). */
const taints: readonly (readonly [number, string])[] = [
  [7, 'the kernel died (tainted: D)'],
  [9, 'the kernel warned (tainted: W)'],
  [14, 'a processor was locked up (tainted: L)'],
];

/**
 * What the guest's kernel complained of while the command ran: the first of it and what follows on the console, or what became
 * of `tainted`, a number before the command and one after it. Empty where all is well.
 */
export function kernelComplaint(console: string, tainted: string): string {
  const lines = console.split(/\r?\n/);
  const rest = lines.slice(lines.findIndex((line) => line.includes(begin)) + 1);
  const at = rest.findIndex((line) => complaints.some((complaint) => complaint.test(line)));
  if (at >= 0) return rest.slice(at, at + mostLines).join('\n');
  const [before = 0, after = 0] = tainted.split('\n').filter(Boolean).map(Number);
  const isNew = ([bit]: (typeof taints)[number]): boolean => ((after & ~before) >> bit) % 2 === 1;
  return taints
    .filter(isNew)
    .map(([, what]) => what)
    .join('; ');
}
