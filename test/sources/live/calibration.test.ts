import { describe, expect, test } from 'vitest';

import { tryLink } from '../../../src/sources/live/calibration.ts';
import { canTrace } from '../../support/memtrace.ts';

const links = ['session', 'multi', 'perf-event'] as const;

describe.skipIf(!canTrace())('what a hit costs', () => {
  test('is told of each link, also while the probes of another are still being detached', async () => {
    const costs: number[] = [];
    for (const link of [...links, ...links]) {
      // Older kernels have one of them only.
      const cost = await tryLink(link).catch(() => null);
      if (cost !== null) costs.push(cost.entryNs, cost.steppedNs);
    }
    expect(costs.length).toBeGreaterThan(0);
    expect(costs.filter((cost) => cost === 0)).toEqual([]);
  });
});
