import type { Kernel } from './kernels.ts';
import type { Machine } from './machine.ts';
import { lockedDown, type Part, partsFor } from './selection.ts';

/** A boot of the matrix: the kernel, what its command line has beside, and what runs there. */
export interface Boot {
  readonly kernel: Kernel;
  readonly parts: readonly Part[];
  readonly words: readonly string[];
}

/** What there is to boot for these kernels and the parts with such a title. */
export function bootsOf(
  kernels: readonly Kernel[],
  { part, machine }: { readonly part: RegExp; readonly machine: Machine },
): Boot[] {
  const isWanted = ({ title }: Part): boolean => part.test(title);
  const boots = kernels.map((kernel) => ({
    kernel,
    parts: partsFor(kernel.name, machine),
    words: [],
  }));
  const locked = kernels
    .filter(({ name }) => name === lockedDown.kernel)
    .map((kernel) => ({
      kernel: { ...kernel, name: lockedDown.title },
      parts: [lockedDown.part],
      words: lockedDown.words,
    }));
  return [...boots, ...locked]
    .map((boot) => ({ ...boot, parts: boot.parts.filter(isWanted) }))
    .filter(({ parts }) => parts.length > 0);
}
