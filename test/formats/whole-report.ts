import { History } from '../../src/domain/history.ts';
import { leakReport, type LeakReport, type ReportOptions } from '../../src/domain/leak-report.ts';
import { bytes, milliseconds } from '../../src/domain/units.ts';
import { heapFromText } from '../support/heap-from-text.ts';

const drawing = `
  bytes  64    64     8192       8192       10     24
  born   1000  2000   3000       5000       9000   4000
  lived  3     -      -          -          -      -
  pid    1     1      1          2          1      1
         main  main   main       main       ~      main
         parse parse  child      child      read   libssl!SSL_new
                      fibonacci  fibonacci
`;

/** A report in which everything occurs that a format has to show; its clock stands at 02:53:38 UTC. */
export function wholeReport(options: Partial<ReportOptions> = {}): LeakReport {
  const drawn = heapFromText(drawing, {
    withBlocks: true,
    unknownFrees: 3,
    losses: [
      { reason: 'blocks-full', count: 1200, bytes: 4096 },
      { reason: 'busy', count: 1, bytes: 0 },
    ],
    probes: [
      {
        symbol: 'malloc',
        shape: 'size',
        delta: 4,
        allocator: 'glibc',
        path: '/usr/lib/libc.so.6',
        link: 'multi',
        hits: 5000,
        emulated: true,
      },
    ],
    costNs: 25_000_000.5,
    kernelMemory: bytes(36_700_160),
    notices: [{ code: 'sampled', text: '1 in 7 allocations is followed, and 64 bytes or more' }],
    mappings: [
      {
        image: 1,
        stackId: 'main<child<fibonacci',
        address: 0x7f00_0000_0000n,
        size: bytes(1 << 20),
        bornAt: milliseconds(1.25),
        use: 'thread-stack',
      },
    ],
  });
  const history = new History();
  const all = {
    top: Infinity,
    sort: 'size' as const,
    olderThan: milliseconds(0),
    perProcess: false,
  };
  const before = { ...drawn, sites: drawn.sites.slice(0, 1), elapsed: milliseconds(6000) };
  leakReport(before, history, { ...all, ...options });
  return leakReport(drawn, history, { ...all, ...options });
}
