import type { CacheModeName } from '../../../src/domain/cache-snapshot.ts';
import type { Suite } from '../archive.ts';

/** A Debian kernel that is not booted: the newest of its series that the suite has. */
export interface UnbootedKernel extends Suite {
  readonly series: string;
  /** As its package's name ends: `amd64`, `cloud-amd64`, `rt-amd64`, `cloud-arm64`. */
  readonly flavour: string;
  /** Ways to see the page cache that it cannot have; all others must fit it. */
  readonly lacks: readonly CacheModeName[];
  /** Those that it cannot have although its types would do. */
  readonly cannot?: readonly CacheModeName[];
}

/** As Debian calls it. */
export const architectureOf = ({ flavour }: UnbootedKernel): string =>
  flavour.slice(flavour.lastIndexOf('-') + 1);

const security = (release: string) =>
  ({ archive: 'debian-security', suite: `${release}-security`, lacks: [] }) as const;
const backports = { archive: 'debian', suite: 'trixie-backports', lacks: [] } as const;

/** mm_filemap_fault and its like came with 6.12. */
const lacks = ['btf-tracepoint', 'tracepoint'] as const;

/** Flavours of what is booted, and what came in between. Before 6.19 cloud kernels: their packages are a third of the others'. */
export const unbooted: readonly UnbootedKernel[] = [
  { ...security('bullseye'), series: '5.10', flavour: 'cloud-amd64', lacks },
  { ...security('bookworm'), series: '6.1', flavour: 'rt-amd64', lacks },
  { ...security('trixie'), series: '6.12', flavour: 'cloud-amd64' },
  { ...backports, series: '6.16', flavour: 'cloud-amd64' },
  { ...backports, series: '6.18', flavour: 'cloud-amd64' },
  { ...backports, series: '6.19', flavour: 'amd64' },
  { ...backports, series: '7.0', flavour: 'amd64' },
  { ...backports, series: '7.1', flavour: 'amd64' },
  { ...backports, series: '7.3', flavour: 'amd64' },
  { ...backports, series: '7.3', flavour: 'rt-amd64' },
  // Functions of the kernel for arm64 take trampolines from 6.4 on.
  { ...security('bookworm'), series: '6.1', flavour: 'cloud-arm64', lacks, cannot: ['fentry'] },
  { ...security('trixie'), series: '6.12', flavour: 'cloud-arm64' },
  { ...backports, series: '7.3', flavour: 'arm64' },
];
