import type { FileResidency, Refusal } from '../../../domain/file-residency.ts';
import type { BytePath } from '../../../domain/byte-path.ts';
import { expandGlob, isPattern } from '../../../system/glob.ts';
import { baseOf, type Found, isFile, Measurer, reasonOf } from './measure.ts';
import { addProcess } from './process.ts';

/** What is looked at, and how closely. */
export interface FileRequest {
  readonly paths: readonly BytePath[];
  readonly pids: readonly number[];
  /** Symbolic links inside directories are followed, too. */
  readonly followLinks: boolean;
  /** Each range of resident pages. */
  readonly ranges: boolean;
}

/** What was found, in the order in which it was found. */
export interface Collected {
  readonly files: FileResidency[];
  readonly refusals: Refusal[];
  /** Symbolic links inside directories that were not followed. */
  skippedLinks: number;
  /** Devices, FIFOs, sockets and file systems such as proc inside directories: nothing to count. */
  skippedSpecial: number;
  /** Files that were in a directory and no longer when they were to be measured. */
  vanished: number;
  /** A directory or a process was looked through: files come as they are found. */
  searched: boolean;
  /** The run was stopped before everything was looked at. */
  incomplete: boolean;
}

/** Nothing yet. */
export const nothingCollected = (): Collected => ({
  files: [],
  refusals: [],
  skippedLinks: 0,
  skippedSpecial: 0,
  vanished: 0,
  searched: false,
  incomplete: false,
});

/** Into how many parts a file is divided for its bar. */
export const residencyCells = 16;

/** From so many files on, those of a directory are batches of their own. */
const manyFiles = 64;

interface Pending {
  readonly path: BytePath;
  readonly named: boolean;
}

const batchSize = 512;
/** More than threads that measure, so that they need not wait for what is done with a batch that is ready. */
const batchesAtOnce = 24;

/** Walks paths: files are measured, directories looked through, patterns that name no file expanded. */
export class FileWalk {
  readonly collected: Collected = nothingCollected();
  readonly #measurer: Measurer;
  readonly #followLinks: boolean;
  readonly #stop: AbortSignal;
  readonly #directories = new Set<string>();

  constructor(request: Pick<FileRequest, 'followLinks'>, measurer: Measurer, stop: AbortSignal) {
    this.#measurer = measurer;
    this.#followLinks = request.followLinks;
    this.#stop = stop;
  }

  /** Errors: Failure `not-built`. */
  async add(paths: readonly BytePath[]): Promise<void> {
    let pending: Pending[] = paths.map((path) => ({ path, named: true }));
    while (pending.length > 0) {
      if (this.#stop.aborted) {
        this.collected.incomplete = true;
        return;
      }
      const taken = pending.splice(0, batchSize * batchesAtOnce);
      const batches: Pending[][] = [];
      for (let at = 0; at < taken.length; at += batchSize)
        batches.push(taken.slice(at, at + batchSize));
      const more = await Promise.all(batches.map((batch) => this.#measure(batch)));
      pending = [...more.flat(), ...pending];
    }
  }

  /** Measures a batch; what comes of each path that is no file: more paths. */
  async #measure(batch: readonly Pending[]): Promise<Pending[]> {
    return await this.#take(batch, await this.#measurer.measure(batch.map(({ path }) => path)));
  }

  async #take(batch: readonly Pending[], found: readonly Found[]): Promise<Pending[]> {
    const more: Promise<Pending[]>[] = [];
    for (const [index, each] of found.entries()) {
      if (isFile(each)) {
        this.collected.files.push(each);
        continue;
      }
      const from = batch[index];
      if (from === undefined) continue;
      if (each.kind === 'directory') more.push(this.#list(from, each.identity));
      else if (this.#stop.aborted) this.collected.incomplete = true;
      else if (from.named && each.refusal.reason === 'missing' && isPattern(from.path))
        more.push(this.#expand(from.path, each.refusal));
      else this.#refuse({ ...each.refusal, ...from });
    }
    return (await Promise.all(more)).flat();
  }

  #refuse(refusal: Refusal): void {
    const { named, reason } = refusal;
    if (!named && reason === 'missing') this.collected.vanished++;
    else if (!named && (reason === 'pseudo' || reason === 'special'))
      this.collected.skippedSpecial++;
    else this.collected.refusals.push(refusal);
  }

  async #expand(path: BytePath, refusal: Omit<Refusal, 'path' | 'named'>): Promise<Pending[]> {
    this.collected.searched = true;
    const paths = await expandGlob(path);
    if (paths.length === 0) this.collected.refusals.push({ ...refusal, path, named: true });
    return paths.map((each) => ({ path: each, named: false }));
  }

  async #list({ path, named }: Pending, identity: string): Promise<Pending[]> {
    // The same directory by another link, or round a loop of links.
    if (this.#directories.has(identity)) return [];
    this.#directories.add(identity);
    this.collected.searched = true;
    const listing = await this.#measurer.list(path, this.#followLinks);
    const { errno, files, others, links, special } = listing;
    this.collected.skippedLinks += links;
    this.collected.skippedSpecial += special;
    if (errno !== 0) {
      const reason = reasonOf('no-open', errno);
      this.#refuse({ path, named, reason, errno, what: 'directory' });
    }
    const base = baseOf(path);
    const pending = (name: BytePath): Pending => ({ path: base + name, named: false });
    if (files.length < manyFiles) return [...files, ...others].map(pending);
    const batches: Promise<Pending[]>[] = [];
    for (let at = 0; at < files.length; at += batchSize) {
      const names = files.slice(at, at + batchSize);
      batches.push(
        this.#measurer.measure(names, path).then((found) => this.#take(names.map(pending), found)),
      );
    }
    return [...(await Promise.all(batches)).flat(), ...others.map(pending)];
  }
}

/** Looks at everything that was asked for. Errors: Failure `not-built`, `process-missing`, `target-unreadable`. */
export async function collectFiles(
  request: FileRequest,
  stop: AbortSignal,
  progress: (found: number) => void,
): Promise<Collected> {
  const measurer = new Measurer({ cells: residencyCells, ranges: request.ranges });
  stop.addEventListener('abort', () => measurer.stop(), { once: true });
  const walk = new FileWalk(request, measurer, stop);
  const timer = setInterval(() => progress(walk.collected.files.length), 100);
  try {
    await walk.add(request.paths);
    const seen = new Set<string>();
    for (const pid of request.pids) await addProcess(pid, measurer, walk.collected, seen);
  } finally {
    clearInterval(timer);
  }
  return walk.collected;
}
