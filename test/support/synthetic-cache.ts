import {
  type CachedFile,
  type CacheLoss,
  type CacheProcess,
  type CacheSnapshot,
  mergedProcess,
  type PageCounts,
} from '../../src/domain/cache-snapshot.ts';
import { noPages } from '../../src/domain/page-counts.ts';
import { bytes, milliseconds } from '../../src/domain/units.ts';
import type { CacheSource } from '../../src/sources/source.ts';

/** `reader[7] /srv/a`: what a process did with a file, since the session began. */
export type Uses = Readonly<Record<string, Partial<PageCounts>>>;

/** What a file of the synthetic cache is other than the plain file of ext4 that its path says. */
export type FileTraits = Readonly<Record<string, Partial<CachedFile>>>;

const stepMs = 1000;

const processOf = (name: string): CacheProcess => {
  const [, command = name, pid = '0'] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
  return {
    id: pid === '0' ? mergedProcess : `p${pid}`,
    pid: Number(pid),
    uid: 0,
    command,
    isKernelThread: command.startsWith('kswapd'),
    alive: true,
  };
};

const fileOf = (path: string, traits: FileTraits): CachedFile => ({
  id: `f:${path}`,
  device: '8:1',
  inode: BigInt(Buffer.from(path).reduce((sum, byte) => sum * 31 + byte, 7) % 99991),
  kind: 'file',
  fileSystem: 'ext4',
  path,
  named: 'dentry',
  hostPath: null,
  deleted: false,
  links: 1,
  size: bytes(1 << 20),
  resident: 256,
  unseen: [],
  ...traits[path],
});

/** The snapshot of a cache that did `uses`, `step` seconds into the session. A third word is the cgroup: `cat[1] /a /docker/x`. */
export function cacheSnapshot(
  uses: Uses,
  step = 1,
  traits: FileTraits = {},
  losses: readonly CacheLoss[] = [],
): CacheSnapshot {
  const rows = Object.entries(uses).map(([key, counts]) => {
    const [who = '', path = '', cgroup = '/'] = key.split(' ');
    return { process: processOf(who), file: fileOf(path, traits), cgroup, counts };
  });
  return {
    takenAt: Date.UTC(2026, 0, 1, 12) + step * stepMs,
    elapsed: milliseconds(step * stepMs),
    mode: 'btf-tracepoint',
    refusedModes: [{ mode: 'fentry', why: 'the kernel refused it (EPERM)' }],
    blindSpots: [{ code: 'mapped-hits', text: 'reads of mapped pages that do not fault' }],
    pageSize: bytes(4096),
    uses: rows.map(({ process, file, cgroup, counts }) => ({
      process: process.id,
      file: file.id,
      cgroup,
      counts: { ...noPages, ...counts },
    })),
    processes: new Map(rows.map(({ process }) => [process.id, process])),
    files: new Map(rows.map(({ file }) => [file.id, file])),
    cgroups: new Map(rows.map(({ cgroup }) => [cgroup, cgroup])),
    memory: {
      buffers: bytes(38 << 20),
      cached: bytes(2150 * 2 ** 20),
      dirty: bytes(41 << 20),
      writeback: bytes(2 << 20),
      filePages: 560_000,
      refaultedFile: 0,
      activatedFile: 0,
      scannedFile: 0,
      stolenFile: 0,
    },
    losses,
    kernelMemory: bytes(8 << 20),
    notices: [],
  };
}

/** A page cache that follows a script: one step at each snapshot, no kernel, always the same. */
export class SyntheticCache implements CacheSource {
  readonly calls: string[] = [];
  readonly #script: (step: number) => Uses;
  readonly #traits: FileTraits;
  readonly #losses: readonly CacheLoss[];
  #step = 0;
  #last: CacheSnapshot | null = null;

  /** `script`: the cumulative uses after so many steps. */
  constructor(
    script: (step: number) => Uses,
    traits: FileTraits = {},
    losses: readonly CacheLoss[] = [],
  ) {
    this.#script = script;
    this.#traits = traits;
    this.#losses = losses;
  }

  async snapshot(): Promise<CacheSnapshot> {
    this.calls.push('snapshot');
    this.#step++;
    return this.#read();
  }

  async close(): Promise<CacheSnapshot> {
    if (this.#last === null) {
      this.calls.push('close');
      this.#last = { ...this.#read(), ended: 'stopped' };
    }
    return this.#last;
  }

  #read(): CacheSnapshot {
    return cacheSnapshot(this.#script(this.#step), this.#step, this.#traits, this.#losses);
  }
}
