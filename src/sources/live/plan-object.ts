import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { argumentCounts, type PlanRow, type ProbePlan } from '../../allocators/allocator.ts';
import { operatorDeletes } from '../../allocators/cxx-operators.ts';
import {
  freeingSymbols,
  matchObject,
  type MatchedFunction,
  wantedSymbols,
} from '../../allocators/match.ts';
import { openElf } from '../../native/elf-addon.ts';
import type { ElfFacts, ElfFile, ProbeSite } from '../../native/elf.ts';
import type { LeakSessionRequest } from './request.ts';
import type { OpenObject } from '../../system/open-object.ts';

/** Which objects and functions a plan is narrowed to. */
export interface PlanOptions {
  /** `--obj`: path, file name or soname of the only object to look at. */
  readonly object?: string;
  /** `--symbols-prefix`: only allocation functions of this prefix. */
  readonly prefix?: string;
  /** Identities of objects that need not be looked at again (`ProbePlan.objects`). */
  readonly known?: ReadonlySet<string>;
}

/** The part of a request that narrows its plan. */
export function planOptions(request: LeakSessionRequest): PlanOptions {
  return {
    ...(request.object === null ? {} : { object: request.object }),
    ...(request.symbolsPrefix === '' ? {} : { prefix: request.symbolsPrefix }),
  };
}

/** What one object gives to a plan. */
export interface ObjectPlan {
  readonly rows: readonly PlanRow[];
  readonly reason: string | null;
  readonly facts: ElfFacts | null;
}

interface Sited {
  readonly f: MatchedFunction;
  readonly site: ProbeSite;
}

const deletes = new Set(operatorDeletes.map((f) => f.symbol));
const freeing = new Set(freeingSymbols());

/** Rows of one open object: its allocation functions, each with the place to probe. */
export function planObject(object: OpenObject, options: PlanOptions): ObjectPlan {
  let elf: ElfFile;
  try {
    elf = openElf(object.fd);
  } catch (error) {
    if (error instanceof Error && 'operation' in error)
      return { rows: [], reason: 'not an ELF file', facts: null };
    throw error;
  }
  try {
    return { ...rowsOf(elf, object, options), facts: elf.facts };
  } finally {
    elf.close();
  }
}

function rowsOf(elf: ElfFile, object: OpenObject, options: PlanOptions): Omit<ObjectPlan, 'facts'> {
  const names = { fileName: basename(object.path), soname: elf.facts.soname };
  const functions = elf.functions(wantedSymbols(options.prefix));
  const sizes = new Map(functions.map((f) => [f.symbol, f.size]));
  const defined = new Map(functions.map((f) => [f.symbol, f.offset]));
  const match = matchObject({ ...names, defined }, options.prefix);
  const left = isLeftOut(options, object, names.soname);
  const used = left ? match.functions.filter((f) => f.shape === 'libraries') : match.functions;
  const sited = used.map((f) => ({
    f,
    site: elf.probeSite({ ...f, size: sizes.get(f.symbol) ?? 0 }, argumentCounts[f.shape]),
  }));
  const rows = withoutForwarders(elf, sited).map(({ f, site }) => rowOf(object, f, site));
  const none = match.functions.length === 0 ? nameless(elf.facts) : null;
  return { rows, reason: left ? notAskedFor(options) : (none ?? match.reason) };
}

function rowOf(object: OpenObject, f: MatchedFunction, site: ProbeSite): PlanRow {
  const { path, openedAs, fd } = object;
  const { symbol, shape, allocator } = f;
  return { path, openedAs, fd, allocator, symbol, shape, ...site };
}

/**
 * Leaves out each function that frees by only handing its block on to another one that is probed, in this object or (what
 * operator delete does) in another: the block would be seen freed twice.
 */
function withoutForwarders(elf: ElfFile, sited: readonly Sited[]): Sited[] {
  const frees = new Set(sited.filter(({ f }) => f.shape === 'free').map(({ f }) => f.offset));
  const forwards = ({ f, site }: Sited) => {
    if (f.shape !== 'free') return false;
    const target = jumpTarget(elf, site);
    if (target === null) return false;
    return frees.has(target) || (deletes.has(f.symbol) && freeing.has(elf.importAt(target) ?? ''));
  };
  const forwarders = new Set(sited.filter(forwards).map(({ f }) => f.symbol));
  // Of the C++ runtime this one shifts its arguments first, and goes where the others go.
  for (const operator of ['_Zdl', '_Zda']) {
    if (forwarders.has(`${operator}Pvm`) && forwarders.has(`${operator}PvSt11align_val_t`)) {
      forwarders.add(`${operator}PvmSt11align_val_t`);
    }
  }
  return sited.filter(({ f }) => !forwarders.has(f.symbol));
}

/** Where the probed instruction jumps to, always: a file offset; its own where it jumps through memory. */
function jumpTarget(elf: ElfFile, site: ProbeSite): number | null {
  const to = /^(?:bnd |notrack )?(?:jmp|b|br) #?(.+)$/.exec(site.instruction)?.[1];
  if (to === undefined) return null;
  const address = /^0x([0-9a-f]+)$/.exec(to)?.[1];
  return address === undefined ? site.offset : fileOffset(elf.facts, Number.parseInt(address, 16));
}

function fileOffset(facts: ElfFacts, address: number): number | null {
  const segment = facts.segments.find((s) => address >= s.vaddr && address < s.vaddr + s.fileSize);
  return segment ? address - segment.vaddr + segment.offset : null;
}

function nameless(facts: ElfFacts): string | null {
  const linkedStatically =
    facts.interpreter === null && facts.needed.length === 0 && facts.soname === null;
  return linkedStatically && !facts.hasSymtab
    ? 'statically linked and stripped: its functions have no names to find them by'
    : null;
}

const notAskedFor = (options: PlanOptions): string => `not ${options.object} (--obj)`;

/** Whether `--obj` named an object, and none that the plan looked at was that. */
export function isObjectMissing(plan: ProbePlan, options: PlanOptions): boolean {
  return (
    options.object !== undefined &&
    plan.passedOver.every(({ reason }) => reason === notAskedFor(options)) &&
    !plan.rows.some((row) => row.shape !== 'libraries')
  );
}

/** By path (or the same file under another), file name, soname, or as in `c`. */
function isLeftOut(
  { object: asked }: PlanOptions,
  object: OpenObject,
  soname: string | null,
): boolean {
  if (asked === undefined) return false;
  if (asked.includes('/')) return object.path !== asked && object.identity !== identityOf(asked);
  const fileName = basename(object.path);
  // bcc's memleak takes library names without `lib` and suffix.
  return ![fileName, soname].some((name) => name === asked || name?.startsWith(`lib${asked}.so`));
}

function identityOf(path: string): string | null {
  const file = statSync(path, { bigint: true, throwIfNoEntry: false });
  return file ? `${file.dev}:${file.ino}` : null;
}
