import type { CacheModeName } from '../../../src/domain/cache-snapshot.ts';
import { Unreachable } from '../download.ts';
import { kernels } from '../kernels.ts';
import { type BootedKernel, isProved, likenesses, type Likeness } from './compare.ts';
import { forms } from './forms.ts';
import { btfOfBooted, btfOfUnbooted } from './kernel-btf.ts';
import { objectsOn, type OnKernel } from './objects.ts';
import { turns } from './turns.ts';
import { architectureOf, unbooted, type UnbootedKernel } from './unbooted.ts';

/** A form of an object on a kernel that is not booted. */
export interface TypesCell {
  readonly form: string;
  /** Why it is of no use there, if it is not: by the kernel's types, or by what they do not tell. */
  readonly gap: 'types' | 'other' | null;
  readonly likeness: Likeness;
  /** Empty where a kernel that is booted proves it. */
  readonly trouble: string;
}

export interface TypesRow {
  readonly release: string;
  readonly cells: readonly TypesCell[];
}

/** What was found; kernels that could not be fetched, and why. */
export interface TypesCheck {
  readonly rows: readonly TypesRow[];
  readonly skipped: readonly string[];
  /** Kernels that their suite has given up. */
  readonly withdrawn: readonly string[];
}

/** Compares what our objects come upon on kernels that are not booted with what they do on those that are. Needs no privilege. */
export async function checkTypes(): Promise<TypesCheck> {
  const booted: BootedKernel[] = [];
  const rows: TypesRow[] = [];
  const skipped: string[] = [];
  const withdrawn: string[] = [];
  try {
    for (const kernel of kernels) {
      const { patterns } = await objectsOn((await btfOfBooted(kernel)).file, 'amd64');
      booted.push({ kernel: kernel.name, patterns });
    }
  } catch (error) {
    return { rows, skipped: [`kernels that are not booted: ${unreachable(error)}`], withdrawn };
  }
  for (const kernel of unbooted) {
    const name = `${kernel.series} (${kernel.flavour}), by its types`;
    try {
      const found = await btfOfUnbooted(kernel);
      if (found === undefined) {
        withdrawn.push(`${name}: ${kernel.suite} has it no more`);
        continue;
      }
      const on = await objectsOn(found.file, architectureOf(kernel));
      rows.push({ release: found.release, cells: cellsOf(kernel, on, booted) });
    } catch (error) {
      skipped.push(`${name}: ${unreachable(error)}`);
    }
  }
  return { rows, skipped, withdrawn };
}

function unreachable(error: unknown): string {
  if (error instanceof Unreachable) return error.message;
  throw error;
}

export function cellsOf(
  { lacks, cannot = [] }: Pick<UnbootedKernel, 'lacks' | 'cannot'>,
  on: OnKernel,
  booted: readonly BootedKernel[],
): TypesCell[] {
  const found = likenesses(on.patterns, booted, turns);
  return forms.flatMap(({ title, mode }) => {
    const likeness = found.get(title);
    if (likeness === undefined) return [];
    const lacking = on.lacks.get(title) ?? null;
    const isOneOf = (modes: readonly CacheModeName[]) => mode !== undefined && modes.includes(mode);
    const gap = lacking !== null ? 'types' : isOneOf(cannot) ? 'other' : null;
    return [{ form: title, gap, likeness, trouble: troubleOf(likeness, lacking, isOneOf(lacks)) }];
  });
}

function troubleOf(likeness: Likeness, lacking: string | null, mayLack: boolean): string {
  if (lacking !== null && !mayLack) return lacking;
  if (lacking === null && mayLack) return 'it is said to lack this, and does not';
  if (isProved(likeness)) return '';
  const { kernel, more, less } = likeness;
  return [
    `like no kernel that is booted; beside ${kernel}`,
    ...more.map((word) => `+ ${word}`),
    ...less.map((word) => `- ${word}`),
  ].join('\n      ');
}

export const troubles = ({ release, cells }: TypesRow): string[] =>
  cells.flatMap(({ form, trouble }) => (trouble === '' ? [] : [`${release}: ${form}: ${trouble}`]));
