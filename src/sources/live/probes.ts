import type { PlanRow, Shape } from '../../allocators/allocator.ts';
import type { ProbeActivity } from '../../domain/leak-snapshot.ts';
import { Failure } from '../../errors/failure.ts';
import { isSystemError, type AttachRequest, type UprobeLink } from '../../native/bpf.ts';
import { type MapRow, readMaps } from '../../system/maps.ts';
import { refusalOfLink } from './calibration.ts';
import type { HeapObject } from './heap-object.ts';
import { isForbidden } from './refusal.ts';

const programs: Readonly<Record<Shape, { readonly program: string; readonly returns: boolean }>> = {
  'size': { program: 'shape_size', returns: true },
  'count-size': { program: 'shape_count_size', returns: true },
  'realloc': { program: 'shape_realloc', returns: true },
  'realloc-array': { program: 'shape_realloc_array', returns: true },
  'aligned': { program: 'shape_aligned', returns: true },
  'out-aligned': { program: 'shape_out_aligned', returns: true },
  'map': { program: 'shape_map', returns: true },
  'remap': { program: 'shape_remap', returns: true },
  'free': { program: 'shape_free', returns: false },
  'unmap': { program: 'shape_unmap', returns: false },
  'owner-size': { program: 'shape_owner_size', returns: false },
  'size-throwing': { program: 'shape_size_throwing', returns: true },
  'libraries': { program: 'libraries_changed', returns: false },
};

const keyOf = (row: PlanRow): string => `${row.path}\0${row.offset}`;

/** Where a probed function is in a process. */
function addressesOf({ path, offset }: PlanRow, mapped: readonly MapRow[]): bigint[] {
  const at = BigInt(offset);
  return mapped
    .filter((map) => map.path === path && map.permissions.includes('x'))
    .filter(({ start, end, offset: from }) => at >= from && at - from < end - start)
    .map(({ start, offset: from }) => start + at - from);
}

/** The attached functions of a session, each with the number that is its probes' cookie. */
export class Probes {
  readonly #heap: HeapObject;
  readonly #rows: PlanRow[] = [];
  readonly #cookies = new Map<string, number>();

  constructor(heap: HeapObject) {
    this.#heap = heap;
  }

  #cookie(row: PlanRow): number {
    const known = this.#cookies.get(keyOf(row));
    if (known !== undefined) return known;
    this.#cookies.set(keyOf(row), this.#rows.length);
    return this.#rows.push(row) - 1;
  }

  /** Attaches the rows to one process; all links or a Failure (`probe-refused`, `target-gone`). Returns the links. */
  async attach(pid: number, rows: readonly PlanRow[]): Promise<number[]> {
    if (!this.#heap.hasCookies) await this.#place(pid, rows);
    const requests =
      this.#heap.link === 'perf-event' ? this.#single(pid, rows) : this.#grouped(pid, rows);
    const settled = await Promise.allSettled(
      requests.map((each) => this.#heap.object.attach(each.request)),
    );
    const links = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const refused = settled.findIndex((each) => each.status === 'rejected');
    const refusal = settled[refused];
    if (refusal?.status !== 'rejected') return links;
    await this.#heap.object.detach(links);
    throw await attachFailure(refusal.reason, pid, requests[refused]?.row, this.#heap.link);
  }

  async #place(pid: number, rows: readonly PlanRow[]): Promise<void> {
    // Of a process that is gone nothing is attached either.
    const mapped = await readMaps(pid).catch(() => []);
    for (const row of rows) {
      for (const address of addressesOf(row, mapped))
        this.#heap.placeProbe(this.#cookie(row), pid, address);
    }
  }

  #grouped(pid: number, rows: readonly PlanRow[]): Wanted[] {
    const groups = Map.groupBy(rows, (row) => `${row.fd} ${programs[row.shape].program}`);
    return [...groups.values()].flatMap((group) => this.#requests(pid, group));
  }

  #single(pid: number, rows: readonly PlanRow[]): Wanted[] {
    return rows.flatMap((row) => this.#requests(pid, [row]));
  }

  #requests(pid: number, group: readonly PlanRow[]): Wanted[] {
    const [first] = group;
    if (first === undefined) return [];
    const { link } = this.#heap;
    const { program, returns } = programs[first.shape];
    const place = {
      kind: link,
      // The descriptor is ours: no path of the target's can change under it.
      path: `/proc/self/fd/${first.fd}`,
      offsets: group.map((row) => row.offset),
      ...(this.#heap.hasCookies ? { cookies: group.map((row) => this.#cookie(row)) } : {}),
      pid,
    };
    const entry = { row: first, request: { ...place, program } };
    const leave = { row: first, request: { ...place, program: 'leave', atReturn: true } };
    return returns && link !== 'session' ? [leave, entry] : [entry];
  }

  /** One row for each attached function, with its hits so far. */
  async activity(): Promise<ProbeActivity[]> {
    const { values, valueSize } = await this.#heap.object.read('probe_hits');
    const perCpu = new BigUint64Array(values.buffer, values.byteOffset, values.byteLength / 8);
    const cpus = valueSize / 8;
    return this.#rows
      .map((row, i) => {
        let hits = 0n;
        for (const each of perCpu.subarray(i * cpus, (i + 1) * cpus)) hits += each;
        return { row, hits: Number(hits) };
      })
      .filter(({ row }) => row.shape !== 'libraries')
      .map(({ row, hits }) => ({
        symbol: row.symbol,
        shape: row.shape,
        allocator: row.allocator,
        path: row.path,
        delta: row.delta,
        link: this.#heap.link,
        hits,
        emulated: row.emulated,
      }));
  }
}

interface Wanted {
  readonly row: PlanRow;
  readonly request: AttachRequest;
}

async function attachFailure(
  error: unknown,
  pid: number,
  row: PlanRow | undefined,
  link: UprobeLink,
): Promise<unknown> {
  if (!isSystemError(error)) return error;
  if (error.errno === 3) return new Failure('target-gone', { pid });
  if (isForbidden(error)) return await refusalOfLink(error, link);
  return new Failure('probe-refused', {
    symbol: row?.symbol ?? error.subject,
    path: row?.path ?? error.subject,
    link,
    errno: String(error.errno),
  });
}
