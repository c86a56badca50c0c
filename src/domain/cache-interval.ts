import type { CachedFile, CacheProcess, CacheSnapshot, PageCounts } from './cache-snapshot.ts';
import { type EvictionWindow, mergeMovements, type Movement, movementOf } from './evictions.ts';
import { addCounts, isNothing, mapCounts, noPages, settle } from './page-counts.ts';
import type { CacheCgroup, SpanUse } from './span-use.ts';
import { milliseconds, type Milliseconds } from './units.ts';

/** What happened in a span of time: between two snapshots, or since the session began. */
export interface CacheInterval {
  /** The snapshot at its end. */
  readonly snapshot: CacheSnapshot;
  readonly span: 'interval' | 'session';
  readonly length: Milliseconds;
  /** Uses in which anything was counted. */
  readonly uses: readonly SpanUse[];
  /** Misses and read-ahead of calls whose accesses are not booked yet: they belong to a later interval. */
  readonly carried: readonly SpanUse[];
  /** Evictions and additions of the last seconds, or of the session. */
  readonly evictions: EvictionWindow;
}

/** How long an eviction is remembered to be told that its pages were read again. */
export const evictionWindow = milliseconds(5000);

interface Known {
  readonly process: CacheProcess;
  readonly file: CachedFile;
  readonly cgroup: CacheCgroup;
  /** As the latest snapshot that had it. */
  latest: PageCounts;
  /** Counted before its counters began anew. */
  earlier: PageCounts;
  carried: PageCounts;
}

interface Piece {
  readonly end: Milliseconds;
  readonly length: Milliseconds;
  readonly movement: Movement;
}

/** Makes intervals of the snapshots of one session, which it is given in order. */
export class CacheHistory {
  readonly #known = new Map<string, Known>();
  readonly #window: Milliseconds;
  #latest: Milliseconds = milliseconds(0);
  #recent: Piece[] = [];
  /** Movements older than the window. */
  #past: Movement = movementOf([]);

  constructor(window: Milliseconds = evictionWindow) {
    this.#window = window;
  }

  /** What happened since the snapshot before, or since the session began. */
  advance(snapshot: CacheSnapshot): CacheInterval {
    const uses: SpanUse[] = [];
    const carried: SpanUse[] = [];
    const now = this.#read(snapshot);
    for (const [key, counts] of now) {
      const known = this.#known.get(key);
      if (known === undefined) continue;
      const began = mapCounts((column) =>
        counts[column] >= known.latest[column] ? 0 : known.latest[column],
      );
      const isAnew = !isNothing(began);
      const before = isAnew ? noPages : known.latest;
      if (isAnew) known.earlier = addCounts(known.earlier, known.latest);
      known.latest = counts;
      const more = mapCounts((column) => counts[column] - before[column] + known.carried[column]);
      const split = settle(more, known.file.unseen);
      known.carried = split.carried;
      if (!isNothing(split.carried)) carried.push({ ...identity(known), counts: split.carried });
      if (!isNothing(split.settled)) uses.push({ ...identity(known), counts: split.settled });
    }
    const length = milliseconds(Math.max(0, snapshot.elapsed - this.#latest));
    this.#latest = snapshot.elapsed;
    this.#remember({ end: snapshot.elapsed, length, movement: movementOf(uses) });
    return {
      snapshot,
      span: 'interval',
      length,
      uses,
      carried,
      evictions: {
        length: milliseconds(this.#recent.reduce((sum, piece) => sum + piece.length, 0)),
        movement: mergeMovements(this.#recent.map(({ movement }) => movement)),
        before: this.#past,
      },
    };
  }

  /** What happened since the session began, up to the snapshot that was given last. */
  whole(snapshot: CacheSnapshot): CacheInterval {
    const uses: SpanUse[] = [];
    const carried: SpanUse[] = [];
    for (const known of this.#known.values()) {
      const split = settle(addCounts(known.earlier, known.latest), known.file.unseen);
      if (!isNothing(split.carried)) carried.push({ ...identity(known), counts: split.carried });
      if (!isNothing(split.settled)) uses.push({ ...identity(known), counts: split.settled });
    }
    return {
      snapshot,
      span: 'session',
      length: snapshot.elapsed,
      uses,
      carried,
      evictions: {
        length: snapshot.elapsed,
        movement: mergeMovements([this.#past, ...this.#recent.map(({ movement }) => movement)]),
        before: movementOf([]),
      },
    };
  }

  /** Cumulative counters of each use of a snapshot; who and what they belong to is noted. */
  #read(snapshot: CacheSnapshot): ReadonlyMap<string, PageCounts> {
    const sums = new Map<string, PageCounts>();
    for (const use of snapshot.uses) {
      const key = `${use.process}\0${use.file}\0${use.cgroup}`;
      const sum = sums.get(key);
      sums.set(key, sum === undefined ? use.counts : addCounts(sum, use.counts));
      const known = this.#known.get(key);
      // What the snapshot has no name for any more keeps the one that it had.
      this.#known.set(key, {
        process: snapshot.processes.get(use.process) ?? known?.process ?? someProcess(use.process),
        file: snapshot.files.get(use.file) ?? known?.file ?? someFile(use.file),
        cgroup: {
          id: use.cgroup,
          path: snapshot.cgroups.get(use.cgroup) ?? known?.cgroup.path ?? `cgroup ${use.cgroup}`,
        },
        latest: known?.latest ?? noPages,
        earlier: known?.earlier ?? noPages,
        carried: known?.carried ?? noPages,
      });
    }
    return sums;
  }

  #remember(piece: Piece): void {
    this.#recent.push(piece);
    const oldest = piece.end - this.#window;
    const isOld = ({ end, length }: Piece) => end - length < oldest && end < piece.end;
    this.#past = mergeMovements([
      this.#past,
      ...this.#recent.filter(isOld).map(({ movement }) => movement),
    ]);
    this.#recent = this.#recent.filter((each) => !isOld(each));
  }
}

const identity = ({ process, file, cgroup }: Known): Omit<SpanUse, 'counts'> => ({
  process,
  file,
  cgroup,
});

const someProcess = (id: string): CacheProcess => ({
  id,
  pid: 0,
  uid: 0,
  command: `process ${id}`,
  isKernelThread: false,
  alive: false,
});

const someFile = (id: string): CachedFile => ({
  id,
  device: '0:0',
  inode: 0n,
  kind: 'other',
  fileSystem: '',
  path: `file ${id}`,
  named: 'none',
  hostPath: null,
  deleted: false,
  links: 0,
  size: null,
  resident: null,
  unseen: [],
});
