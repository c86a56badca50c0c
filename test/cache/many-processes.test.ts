import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { openCacheSession } from '../../src/sources/live/cache-session.ts';
import { canTrace } from '../support/memtrace.ts';

describe.skipIf(!canTrace())(
  'a session that sees more processes than its table has room for',
  () => {
    it('forgets those that have exited before the table is full', async () => {
      // Room for 256 processes, and 400 of our own in five lots.
      const source = await openCacheSession({ mode: 'auto', maxRows: 1024 });
      try {
        for (let lot = 0; lot < 5; lot++) {
          execFileSync('sh', ['-c', 'for i in $(seq 80); do /bin/true; done']);
          await source.snapshot();
        }
        const { losses } = await source.snapshot();
        expect(losses.map(({ reason }) => reason)).not.toContain('processes-full');
      } finally {
        await source.close();
      }
    });
  },
);
