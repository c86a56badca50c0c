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

/** They run on kernels in virtual machines only. */
const guests = 'test/guest/**';

/** In a guest: its own tests and others, named one by one by test/vm/selection.ts. */
const guest = {
  test: {
    name: 'guest',
    include: ['test/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
};

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
          exclude: [...pure, guests],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      ...(process.env['MEMTRACE_GUEST'] === undefined ? [] : [guest]),
    ],
  },
});
