import {
  type CacheLoss,
  cacheLossReasons,
  type CacheLossReason,
  type PageCounts,
} from '../../../domain/cache-snapshot.ts';
import { pages } from '../../../domain/units.ts';
import type { BpfObject, Entries, Layout } from '../../../native/bpf.ts';
import { enumNames } from '../events.ts';
import { Records } from '../records.ts';
import { type FileEntry, fileEntries } from './file-entries.ts';

/** Who used what: one entry of the kernel's table of uses, one for each CPU. */
export interface UseEntry {
  /** Of file, process and cgroup together. */
  readonly id: string;
  readonly file: bigint;
  readonly process: bigint;
  readonly cgroup: bigint;
  readonly cpu: number;
  /** In the order of `countFields`. */
  readonly counts: Float64Array;
  /** The entry's key as the kernel has it. */
  readonly key: Uint8Array<ArrayBuffer>;
}

export const idOfUse = (use: Pick<UseEntry, 'file' | 'process' | 'cgroup'>): string =>
  `${use.process.toString(36)}.${use.file.toString(36)}.${use.cgroup.toString(36)}`;

export interface ProcessEntry {
  readonly id: bigint;
  readonly pid: number;
  readonly uid: number;
  readonly isKernelThread: boolean;
  readonly command: string;
}

/** Members of `struct page_counts`, as the domain calls them. */
const countFields = [
  ['accesses', 'accesses'],
  ['faults', 'faults'],
  ['misses', 'misses'],
  ['readAhead', 'read_ahead'],
  ['writes', 'writes'],
  ['writeMisses', 'write_misses'],
  ['dirtied', 'dirtied'],
  ['filled', 'filled'],
  ['evicted', 'evicted'],
  ['reclaimed', 'reclaimed'],
  ['refaulted', 'refaulted'],
  ['wasted', 'wasted'],
  ['direct', 'direct'],
] as const satisfies readonly (readonly [keyof PageCounts, string])[];

export const noCounts = (): Float64Array => new Float64Array(countFields.length);

/** The counts by name. A correction that another CPU has booked may make one negative for a moment: then it is 0. */
export function pageCounts(counts: Float64Array): PageCounts {
  const [a, b, c, d, e, f, g, h, i, j, k, l, m] = Array.from(counts, (n) => pages(Math.max(0, n)));
  const none = pages(0);
  return {
    accesses: a ?? none,
    faults: b ?? none,
    misses: c ?? none,
    readAhead: d ?? none,
    writes: e ?? none,
    writeMisses: f ?? none,
    dirtied: g ?? none,
    filled: h ?? none,
    evicted: i ?? none,
    reclaimed: j ?? none,
    refaulted: k ?? none,
    wasted: l ?? none,
    direct: m ?? none,
  };
}

/** Reads the tables that every object over bpf/lib/cache.bpf.h keeps. */
export class CacheTables {
  readonly #object: BpfObject;
  readonly #layouts: Readonly<
    Record<'use_key' | 'page_counts' | 'file_facts' | 'file_names' | 'process_facts', Layout>
  >;
  readonly #losses: ReadonlyMap<number, string>;

  constructor(object: BpfObject) {
    this.#object = object;
    this.#layouts = {
      use_key: object.layout('use_key'),
      page_counts: object.layout('page_counts'),
      file_facts: object.layout('file_facts'),
      file_names: object.layout('file_names'),
      process_facts: object.layout('process_facts'),
    };
    this.#losses = enumNames(object.enumerators('cache_loss_reason'), 'CACHE_LOSS_');
  }

  async uses(): Promise<UseEntry[]> {
    return this.#useEntries(await this.#object.read('uses'));
  }

  /** Takes entries out of the kernel's table; what they hold at their end. */
  takeUses(entries: readonly UseEntry[]): UseEntry[] {
    return this.#useEntries(
      this.#object.take('uses', new Uint8Array(Buffer.concat(entries.map(({ key }) => key)))),
    );
  }

  #useEntries({ length, keys, keySize, values }: Entries): UseEntry[] {
    const key = new Records(keys, this.#layouts.use_key);
    const value = new Records(values, this.#layouts.page_counts);
    return Array.from({ length }, (_, i) => {
      const [file, process, cgroup] = [
        key.big(i, 'file'),
        key.big(i, 'process'),
        key.big(i, 'cgroup'),
      ];
      return {
        id: idOfUse({ file, process, cgroup }),
        file,
        process,
        cgroup,
        cpu: key.u32(i, 'cpu'),
        counts: Float64Array.from(countFields, ([, field]) =>
          Number(BigInt.asIntN(64, value.big(i, field))),
        ),
        key: keys.subarray(i * keySize, (i + 1) * keySize),
      };
    });
  }

  async files(): Promise<FileEntry[]> {
    return fileEntries(await this.#object.read('files'), this.#layouts);
  }

  forgetFiles(ids: readonly bigint[]): void {
    this.#object.take('files', packed(ids));
  }

  async processes(): Promise<ProcessEntry[]> {
    const { length, keys, values } = await this.#object.read('processes_seen');
    const id = new DataView(keys.buffer, keys.byteOffset);
    const facts = new Records(values, this.#layouts.process_facts);
    return Array.from({ length }, (_, i) => ({
      id: id.getBigUint64(i * 8, true),
      pid: facts.u32(i, 'pid'),
      uid: facts.u32(i, 'uid'),
      isKernelThread: facts.u32(i, 'is_kernel_thread') !== 0,
      command: facts.text(i, 'command'),
    }));
  }

  forgetProcesses(ids: readonly bigint[]): void {
    this.#object.take('processes_seen', packed(ids));
  }

  /** Losses that happened. */
  async losses(): Promise<CacheLoss[]> {
    const { length, values } = await this.#object.read('cache_losses');
    const counts = new DataView(values.buffer, values.byteOffset);
    const losses: CacheLoss[] = [];
    for (let i = 0; i < length; i++) {
      const count = Number(counts.getBigUint64(i * 8, true));
      const reason = this.#losses.get(i);
      if (count > 0 && reason !== undefined && isReason(reason)) losses.push({ reason, count });
    }
    const misses = this.#object.programs().reduce((sum, p) => sum + p.recursionMisses, 0);
    return misses > 0 ? [...losses, { reason: 'recursion', count: misses }] : losses;
  }
}

const isReason = (name: string): name is CacheLossReason => name in cacheLossReasons;

function packed(ids: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * 8);
  const view = new DataView(bytes.buffer);
  ids.forEach((id, i) => view.setBigUint64(i * 8, id, true));
  return bytes;
}
