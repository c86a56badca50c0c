import { cacheProbes } from '../../../cache-probes/index.ts';
import type { CacheProbe, CacheProbePlan } from '../../../cache-probes/cache-probe.ts';
import type { CacheModeName, CacheSnapshot } from '../../../domain/cache-snapshot.ts';
import { Failure } from '../../../errors/failure.ts';
import { bpf, type BpfObject, isSystemError, openObject } from '../../../native/bpf.ts';
import type { CacheSessionRequest } from '../cache-request.ts';
import { tablesMayGrow } from '../growing-tables.ts';
import { loadFailure, memoryFailure } from '../heap-object.ts';
import { roomForMarks } from './mark-sweeper.ts';
import { errnoName } from '../errno.ts';

/** A mode that is attached. */
export interface LoadedProbe {
  readonly mode: CacheModeName;
  readonly object: BpfObject;
  readonly plan: CacheProbePlan;
  readonly refused: CacheSnapshot['refusedModes'];
  readonly links: readonly number[];
}

/** Attaches the mode asked for, or the first that works here. Errors: Failure `kernel-lacks`, `no-privilege`, `bpf-load-refused`. */
export async function loadCacheProbe(request: CacheSessionRequest): Promise<LoadedProbe> {
  const refused: { mode: CacheModeName; why: string }[] = [];
  let failed: { readonly error: unknown; readonly object: string } | null = null;
  for (const probe of cacheProbes) {
    if (request.mode !== 'auto' && request.mode !== probe.mode) continue;
    const plan = probe.plan(bpf());
    if ('lacks' in plan) {
      refused.push({ mode: probe.mode, why: plan.lacks });
      continue;
    }
    try {
      const { object, links } = await attach(probe, plan, request);
      return { mode: probe.mode, object, links, plan, refused };
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const memory = memoryFailure(error);
      if (memory !== null) throw memory;
      refused.push({
        mode: probe.mode,
        why: `${error.operation} ${error.subject}: ${errnoName(error)}`,
      });
      failed = { error, object: plan.object ?? probe.object };
    }
  }
  // Privileges are there: that it is refused is the kernel's policy, which the reasons say.
  if (failed !== null && refused.length === 1 && !isRefusal(failed.error))
    throw loadFailure(failed.error, failed.object);
  throw new Failure('kernel-lacks', {
    feature:
      request.mode === 'auto'
        ? 'way to see its page cache that could be used'
        : `way to see its page cache by ${request.mode}`,
    detail: refused.map(({ mode, why }) => `${mode}: ${why}`).join('; '),
  });
}

const isRefusal = (error: unknown): boolean => isSystemError(error) && error.errno === 1;

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
