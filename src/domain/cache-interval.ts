import {
  type CachedFile,
  type CacheProcess,
  type CacheSnapshot,
  pageColumns,
  type PageCounts,
  type PageUse,
} from './cache-snapshot.ts';
import type { EvictionWindow } from './evictions.ts';
import { MergedCounts } from './merged-counts.ts';
import { type Movement, movementOf, MovementSum } from './movement.ts';
import { addCounts, isCorrected, isNothing, mapCounts, noPages, settle } from './page-counts.ts';
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
  process: CacheProcess;
  file: CachedFile;
  cgroup: CacheCgroup;
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
  readonly #past = new MovementSum();

  constructor(window: Milliseconds = evictionWindow) {
    this.#window = window;
  }

  /** What happened since the snapshot before, or since the session began. */
  advance(snapshot: CacheSnapshot): CacheInterval {
    const uses: SpanUse[] = [];
    const carried: SpanUse[] = [];
    const now = this.#read(snapshot);
    const merged = this.#merged(now);
    for (const [key, counts] of now) {
      const known = this.#known.get(key);
      // Most uses are idle: nothing is to be made of them.
      if (known === undefined || (known.carried === noPages && isSame(counts, known.latest)))
        continue;
      const more = addCounts(growth(known, counts), known.carried);
      const split = settle(merged.without(known, more), known.file.unseen);
      if (isLess(counts, known.latest)) known.earlier = addCounts(known.earlier, known.latest);
      known.latest = counts;
      known.carried = isNothing(split.carried) ? noPages : split.carried;
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
        movement: this.#moved(new MovementSum()),
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
        movement: this.#moved(new MovementSum().absorb(this.#past)),
        before: movementOf([]),
      },
    };
  }

  /** Cumulative counters of each use of a snapshot. */
  #read(snapshot: CacheSnapshot): ReadonlyMap<string, PageCounts> {
    const sums = new Map<string, PageCounts>();
    for (const use of snapshot.uses) {
      const key = `${use.process}\0${use.file}\0${use.cgroup}`;
      const sum = sums.get(key);
      sums.set(key, sum === undefined ? use.counts : addCounts(sum, use.counts));
      this.#identify(key, use, snapshot);
    }
    return sums;
  }

  /** Notes who and what a use belongs to; what the snapshot has no name for any more keeps the one that it had. */
  #identify(key: string, use: PageUse, { processes, files, cgroups }: CacheSnapshot): void {
    const known = this.#known.get(key);
    const process = processes.get(use.process) ?? known?.process ?? someProcess(use.process);
    const file = files.get(use.file) ?? known?.file ?? someFile(use.file);
    const path = cgroups.get(use.cgroup) ?? known?.cgroup.path ?? `cgroup ${use.cgroup}`;
    if (known === undefined) {
      const cgroup = { id: use.cgroup, path };
      const none = { latest: noPages, earlier: noPages, carried: noPages };
      this.#known.set(key, { process, file, cgroup, ...none });
      return;
    }
    known.process = process;
    known.file = file;
    if (known.cgroup.path !== path) known.cgroup = { id: use.cgroup, path };
  }

  /** Takes uses that the snapshot has no more out of what is known, where the merged process has their counts. */
  #merged(now: ReadonlyMap<string, PageCounts>): MergedCounts {
    const gone = [...this.#known].filter(([key]) => !now.has(key));
    if (gone.length === 0) return new MergedCounts([], []);
    const grown = [...now].flatMap(([key, counts]) => {
      const known = this.#known.get(key);
      return known === undefined ? [] : [{ ...identity(known), counts: growth(known, counts) }];
    });
    const merged = new MergedCounts(
      gone.map(([, known]) => ({ ...identity(known), counts: shownOf(known) })),
      grown,
    );
    for (const [key, { cgroup }] of gone) if (merged.hasAll(cgroup.id)) this.#known.delete(key);
    return merged;
  }

  #moved(sum: MovementSum): Movement {
    for (const { movement } of this.#recent) sum.absorb(movement);
    return sum;
  }

  #remember(piece: Piece): void {
    this.#recent.push(piece);
    const oldest = piece.end - this.#window;
    const isOld = ({ end, length }: Piece) => end - length < oldest && end < piece.end;
    for (const each of this.#recent.filter(isOld)) this.#past.absorb(each.movement);
    this.#recent = this.#recent.filter((each) => !isOld(each));
  }
}

/** What was counted since the latest snapshot, less than nothing where it was corrected; other counters that are less than they were began anew. */
function growth({ latest }: Known, counts: PageCounts): PageCounts {
  return isLess(counts, latest) ? counts : mapCounts((column) => counts[column] - latest[column]);
}

const isSame = (counts: PageCounts, latest: PageCounts): boolean =>
  pageColumns.every((column) => counts[column] === latest[column]);

const isLess = (counts: PageCounts, latest: PageCounts): boolean =>
  pageColumns.some((column) => !isCorrected(column) && counts[column] < latest[column]);

/** What earlier intervals had of a use. */
const shownOf = ({ earlier, latest, carried }: Known): PageCounts =>
  mapCounts((column) => earlier[column] + latest[column] - carried[column]);

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
