import { type Pages, pages } from '../../../domain/units.ts';
import { readVmstat } from '../../../system/memory-figures.ts';

/** What the kernel itself says of the page cache. */
export interface KernelFigures {
  /** nr_file_pages without the swap cache. */
  readonly cached: Pages;
  readonly swapCache: Pages;
}

export async function kernelFigures(): Promise<KernelFigures> {
  const vmstat = await readVmstat();
  const swapCache = vmstat.get('nr_swapcached') ?? 0;
  return {
    cached: pages(Math.max(0, (vmstat.get('nr_file_pages') ?? 0) - swapCache)),
    swapCache: pages(swapCache),
  };
}
