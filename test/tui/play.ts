// The screen on a synthetic heap, for a terminal: a leak, a cache that fills, churn, and two hundred small sites.
import { History } from '../../src/domain/history.ts';
import { leakReport } from '../../src/domain/leak-report.ts';
import type { Loss } from '../../src/domain/losses.ts';
import { milliseconds } from '../../src/domain/units.ts';
import { SyntheticSource, type SyntheticSite } from '../support/synthetic-source.ts';

import type * as Screen from '../../src/tui/leak-screen.tsx';

// JSX has to be compiled: the screen comes from the build.
const built = new URL('../../dist/tui/leak-screen.js', import.meta.url).href;
const { drawLeakScreen } = (await import(built)) as typeof Screen;

const losses: Loss[] =
  process.env['LOSSES'] === undefined ? [] : [{ reason: 'blocks-full', count: 12, bytes: 4096 }];
const small: SyntheticSite[] = Array.from({ length: 200 }, (_, i) => ({
  calls: [`small_${i}`, 'serve', 'main'],
  blockSize: 16,
  allocated: () => i + 1,
  freed: () => 0,
}));
const source = new SyntheticSource(
  [
    {
      calls: ['parse_header', 'read_request', 'serve', 'main'],
      blockSize: 4096,
      allocated: (s) => 100 * s,
      freed: () => 0,
    },
    {
      calls: ['cache_add', 'route', 'serve', 'main'],
      blockSize: 65536,
      allocated: (s) => Math.min(40, 8 * s),
      freed: () => 0,
    },
    {
      calls: ['json_parse', null, 'main'],
      blockSize: 90,
      allocated: (s) => 5000 * s,
      freed: (s) => 5000 * s - 3,
    },
    {
      calls: [
        'std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::_M_create(unsigned long&, unsigned long)',
        'app::Session::Session(std::string const&)',
      ],
      blockSize: 31,
      allocated: (s) => 10 * s,
      freed: (s) => 9 * s,
    },
    ...small,
  ],
  losses,
);
const history = new History();
await drawLeakScreen({
  read: async () =>
    leakReport(await source.snapshot(), history, {
      top: Infinity,
      sort: 'size',
      olderThan: milliseconds(0),
      perProcess: false,
    }),
  withLines: (stack) => source.withLines(stack),
  target: 'synthetic[4121]',
  intervalMs: 250,
  sort: 'size',
  environment: process.env,
  leave: new AbortController().signal,
});
process.stdout.write('left the screen\n');
