import { describe, expect, it } from 'vitest';
import { triageReport } from '../../../src/domain/triage/report.ts';
import { verdicts } from '../../../src/domain/triage/verdicts.ts';
import { triageText } from '../../../src/formats/triage/text.ts';
import { readTree, treeNames, UnpackedTree, watchTree } from '../../support/captured-tree.ts';

/** The first verdict of each tree: code, severity, subject; and words of its sentence. */
const truth: Readonly<Record<string, readonly [string, string, string, RegExp]>> = {
  'linux-5.10': ['healthy', 'ok', 'host', /No sign/],
  'linux-6.1': ['healthy', 'ok', 'host', /No sign/],
  'linux-7.2': ['healthy', 'ok', 'host', /No sign/],
  'linux-6.18-cgroup-v1': ['healthy', 'ok', 'host', /No sign/],
  'leak.hand-made': ['process-leak', 'warning', 'process', /^api-server\[4121\] grows by 120 MiB/],
  'numa-imbalance.hand-made': [
    'swap-numa',
    'warning',
    'node',
    /^Node 0 swaps with 35\.2 MiB free, while node 1 has 9\.00 GiB: vm\.zone_reclaim_mode=1/,
  ],
  'swap-pressure.hand-made': [
    'swap-pressure',
    'warning',
    'host',
    /2\.00 GiB are in swap, most of mysqld\[700\]/,
  ],
  'zram.hand-made': ['swap-swappiness', 'note', 'host', /vm\.swappiness=180.* firefox\[900\]/],
  'container-v2.hand-made': ['cgroup-limit', 'warning', 'cgroup', /96% of the 512 MiB that memory/],
  'container-v1-oom.hand-made': [
    'oom-recent',
    'critical',
    'cgroup',
    /killed worker\[3100\] 1m\d\ds ago: the limit of \/batch/,
  ],
  'memory-high.hand-made': ['cgroup-limit', 'critical', 'cgroup', /memory\.high allows/],
  'linux-4.4-thrash.hand-made': ['cache-thrash', 'warning', 'host', /15\.6 MiB\/s of file pages/],
  'huge-pages.hand-made': ['huge-pages-unused', 'note', 'host', /4\.00 GiB \(25% of all memory\)/],
  'tmpfs.hand-made': ['shmem-growth', 'warning', 'mount', /^Files in memory on \/run\/data x grow/],
  'page-cache.hand-made': ['cache-growth', 'ok', 'host', /^Only 180 MiB are free because/],
};

const garbage = '\0 -1 x:\n: kB 99999999999999999999\n';
const layout = { width: 80, height: 24, isRoot: false, unicode: false };

describe('whatever is missing or broken', () => {
  it.each(treeNames)('%s: any one file may be gone, empty or garbage', async (name) => {
    const tree = { ...readTree(name), moves: [] };
    const unpacked = new UnpackedTree(tree);
    for (const [file, whole] of tree.files) {
      for (const text of [null, '', garbage]) {
        unpacked.write(file, text);
        const history = await unpacked.watch(1);
        const report = triageReport(history);
        const odd = report.verdicts.flatMap(({ figures }) => figures).filter(isOdd);
        expect({ file, odd }).toEqual({ file, odd: [] });
        const printed = `${file}\n${triageText(report, layout)}`;
        expect(printed).not.toMatch(/NaN|Infinity|undefined|null/);
        if (text === null && isNamed(file))
          expect(history.latest.unseen.map(({ path }) => path)).toContain(`/${file}`);
      }
      unpacked.write(file, whole);
    }
    unpacked.remove();
  });
});

const isOdd = ({ value }: { readonly value: number }): boolean => !Number.isFinite(value);

/** Files whose absence is told of. */
const isNamed = (file: string): boolean =>
  /^proc\/(meminfo|vmstat|zoneinfo|buddyinfo|slabinfo|swaps|pressure\/\w+|self\/mountinfo)$/.test(
    file,
  );

describe('a captured machine', () => {
  it('has an expected verdict, each of them', () => {
    expect(Object.keys(truth).sort()).toEqual([...treeNames].sort());
  });

  it.each(Object.entries(truth))('%s: the right verdict comes first', async (name, expected) => {
    const history = await watchTree(readTree(name));
    const [first] = verdicts(history);
    const [code, severity, kind, sentence] = expected;
    expect([first?.code, first?.severity, first?.subject.kind]).toEqual([code, severity, kind]);
    expect(first?.sentence).toMatch(sentence);
  });
});
