import { cacheProbes } from '../../../cache-probes/index.ts';
import type { CacheProbe, CacheProbePlan } from '../../../cache-probes/cache-probe.ts';
import type { CacheModeName, CacheSnapshot } from '../../../domain/cache-snapshot.ts';
import { Failure } from '../../../errors/failure.ts';
import { bpf, type BpfObject, isSystemError, openObject } from '../../../native/bpf.ts';
import type { CacheSessionRequest } from '../cache-request.ts';
import { tablesMayGrow } from '../growing-tables.ts';
import { requireKernelTypes } from '../kernel-types.ts';
import { refusalOf, stepOf } from '../refusal.ts';
import { roomForMarks } from './mark-sweeper.ts';

/** A mode that is attached. */
export interface LoadedProbe {
  readonly mode: CacheModeName;
  readonly object: BpfObject;
  readonly plan: CacheProbePlan;
  readonly refused: CacheSnapshot['refusedModes'];
  readonly links: readonly number[];
}

/** Attaches the mode asked for, or the first that works here. Errors: Failure of `refusalOf`. */
export async function loadCacheProbe(request: CacheSessionRequest): Promise<LoadedProbe> {
  const refused: { mode: CacheModeName; why: string }[] = [];
  const failures: Failure[] = [];
  requireKernelTypes('the arguments of tracepoints and functions cannot be told');
  for (const probe of cacheProbes) {
    if (request.mode !== 'auto' && request.mode !== probe.mode) continue;
    const plan = probe.plan(bpf());
    if ('lacks' in plan) {
      refused.push({ mode: probe.mode, why: plan.lacks });
      if (plan.failure !== undefined) failures.push(plan.failure);
      continue;
    }
    try {
      const { object, links } = await attach(probe, plan, request);
      return { mode: probe.mode, object, links, plan, refused };
    } catch (error) {
      const failure = await refusalOfMode(error, probe, plan);
      if (!(failure instanceof Failure) || !isSystemError(error)) throw failure;
      if (failure.code === 'kernel-memory-refused') throw failure;
      refused.push({ mode: probe.mode, why: stepOf(error) });
      failures.push(failure);
    }
  }
  // What holds for every mode comes before what only one of them met.
  const general = failures.find(({ code }) => code !== 'bpf-load-refused');
  const only = refused.length === 1 ? failures[0] : undefined;
  throw (
    general ??
    only ??
    new Failure('kernel-lacks', {
      feature:
        request.mode === 'auto'
          ? 'way to see its page cache that could be used'
          : `way to see its page cache by ${request.mode}`,
      detail: refused.map(({ mode, why }) => `${mode}: ${why}`).join('; '),
    })
  );
}

/** What `refusalOf` says of a mode that was loaded and attached. */
export const refusalOfMode = (
  error: unknown,
  probe: CacheProbe,
  plan: CacheProbePlan,
): Promise<unknown> =>
  refusalOf(error, {
    object: plan.object ?? probe.object,
    forWhat: 'memtrace cache',
    attachesBy: byPerfEvents.has(probe.mode) ? 'perf_event_open' : 'bpf',
  });

const byPerfEvents: ReadonlySet<CacheModeName> = new Set(['kprobe', 'tracepoint']);

/** Files are fewer than their combinations with processes; an entry of a file is the largest of all. */
const usesPerFile = 2;
const usesPerProcess = 4;

/** Entries that the kernel's tables of files and of processes have room for. */
export const roomForFiles = (maxRows: number): number => Math.ceil(maxRows / usesPerFile);
export const roomForProcesses = (maxRows: number): number => Math.ceil(maxRows / usesPerProcess);

/** Loads and attaches one mode. Errors: SystemError; nothing stays attached then. */
export async function attach(
  probe: CacheProbe,
  plan: CacheProbePlan,
  { maxRows }: Pick<CacheSessionRequest, 'maxRows'>,
): Promise<{ readonly object: BpfObject; readonly links: readonly number[] }> {
  const object = openObject(plan.object ?? probe.object);
  try {
    const chosen = new Set([...plan.attach.map(({ program }) => program), ...plan.own]);
    for (const name of object.programNames()) object.chooseProgram(name, chosen.has(name));
    for (const target of plan.targets) object.setAttachTarget(target.program, target.function);
    for (const [name, value] of Object.entries(plan.constants)) object.setConstant(name, value);
    object.setConstant('page_shift', Math.log2(bpf().pageSize));
    const tables = {
      uses: maxRows,
      files: roomForFiles(maxRows),
      processes_seen: roomForProcesses(maxRows),
      unread_pages: roomForMarks,
    };
    for (const [map, entries] of Object.entries(tables)) object.setMaxEntries(map, entries);
    if (!tablesMayGrow()) for (const map of Object.keys(tables)) object.preallocate(map);
    await object.load();
    // In this order: see the plan.
    const links: number[] = [];
    for (const request of plan.attach) links.push(await object.attach(request));
    return { object, links };
  } catch (error) {
    await object.close();
    throw error;
  }
}
