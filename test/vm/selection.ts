import type { Kernel } from './kernels.ts';

/** What is run on a kernel when nothing else is asked for. */
export function selection(_kernel: Kernel): readonly string[] {
  return ['node_modules/.bin/vitest', 'run', '--project', 'system', 'test/cache'];
}
