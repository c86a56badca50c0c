import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';

/** Areas whose tests are pure: they run beside each other. All others touch the kernel, and run one file at a time. */
const pureAreas = [
  'allocators',
  'domain',
  'errors',
  'formats',
  'sources/triage',
  'symbols',
  'system',
  'tui',
  'view',
  'vm',
];
const pure = pureAreas.map((area) => `test/${area}/**/*.test.{ts,tsx}`);

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLine()],
    projects: [
      {
        test: { name: 'unit', include: pure, testTimeout: 20_000 },
      },
      {
        test: {
          name: 'system',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: pure,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
