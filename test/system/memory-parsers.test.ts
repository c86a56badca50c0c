import { describe, expect, it } from 'vitest';
import { countersOf } from '../../src/domain/triage/counters.ts';
import { parseCgroupStat } from '../../src/system/cgroup-usage.ts';
import { KillParser } from '../../src/system/kernel-log.ts';
import { memoryFigures, parseMeminfo, parseVmstat } from '../../src/system/memory-figures.ts';
import { memoryMounts } from '../../src/system/memory-mounts.ts';
import { parsePressure } from '../../src/system/pressure.ts';
import { memoryCgroupOf } from '../../src/system/process-cgroup.ts';
import { parseFaults, parseStatusMemory } from '../../src/system/process-detail.ts';
import { parseSlabinfo } from '../../src/system/slabinfo.ts';
import { parseSmaps, segmentsOf } from '../../src/system/smaps.ts';
import { parseSwaps, parseZramStat } from '../../src/system/swaps.ts';
import { pageSizeOf, zonesOf } from '../../src/system/zones.ts';
import { readTree } from '../support/captured-tree.ts';

const captured = (tree: string, file: string): string => {
  const text = readTree(tree).files.get(file);
  if (text === undefined) throw new Error(`${tree} has no ${file}`);
  return text;
};

describe('captured files of the whole machine', () => {
  it.each(['linux-5.10', 'linux-6.18-cgroup-v1', 'linux-7.2'])('of %s', (tree) => {
    const memory = memoryFigures(parseMeminfo(captured(tree, 'proc/meminfo')));
    expect(memory?.anonymous).toBeGreaterThan(0);
    expect(memory?.hugetlb).toBe(0);
    const zoneinfo = captured(tree, 'proc/zoneinfo');
    const pageSize = pageSizeOf(memory?.total ?? null, zoneinfo);
    expect(pageSize).toBe(4096);
    const { zones, nodes } = zonesOf(zoneinfo, captured(tree, 'proc/buddyinfo'), pageSize);
    expect(zones.map(({ name }) => name).slice(0, 2)).toEqual(['DMA', 'DMA32']);
    for (const zone of zones) {
      expect(zone.min).toBeLessThanOrEqual(zone.low);
      expect(zone.low).toBeLessThanOrEqual(zone.high);
      expect(zone.free).toBeLessThanOrEqual(zone.managed);
      expect(zone.freeBlocks).toHaveLength(11);
    }
    expect(nodes.map(({ id }) => id)).toEqual([0]);
    expect(nodes[0]?.file).not.toBeNull();
    const counters = countersOf(parseVmstat(captured(tree, 'proc/vmstat')));
    const missing = Object.entries(counters).filter(([, value]) => value === null);
    expect(missing.map(([name]) => name)).toEqual(
      tree === 'linux-5.10' ? expect.arrayContaining(['writtenThrottled']) : expect.any(Array),
    );
    expect(counters.refaultedFile).not.toBeNull();
    expect(counters.allocationStalls).not.toBeNull();
    const slabs = parseSlabinfo(captured(tree, 'proc/slabinfo'), pageSize);
    expect(slabs).toHaveLength(20);
    for (const { size, objects, objectSize } of slabs)
      expect(size).toBeGreaterThanOrEqual(objects * objectSize);
    expect(parsePressure(captured(tree, 'proc/pressure/memory'))?.full).not.toBeNull();
  });
});

describe('the counters of vmstat', () => {
  it('are summed over zones on old kernels, and not counted twice on new ones', () => {
    const old =
      'allocstall_dma 1\nallocstall_normal 2\npgscan_direct_normal 5\npgscan_direct_throttle 9\n';
    expect(countersOf(parseVmstat(old))).toMatchObject({ allocationStalls: 3, scannedDirectly: 5 });
    const now = 'pgscan_direct 7\npgscan_direct_throttle 9\nworkingset_refault_file 4\n';
    expect(countersOf(parseVmstat(now))).toMatchObject({
      scannedDirectly: 7,
      refaultedFile: 4,
      refaultedAnonymous: null,
    });
  });
});

describe('swap', () => {
  it('has areas with odd names', () => {
    const text =
      'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/swap\\040file   file\t\t4194300\t\t2048\t\t-2\n';
    expect(parseSwaps(text)).toEqual([
      { path: '/swap file', size: 4194300 * 1024, used: 2048 * 1024, priority: -2 },
    ]);
  });

  it('may be compressed in memory', () => {
    expect(parseZramStat('  4096   74  12288 0 12288 1 0 0 0\n')).toEqual({
      stored: 4096,
      compressed: 74,
      memoryUsed: 12288,
    });
    expect(parseZramStat('')).toBeNull();
  });
});

describe('the kernel log', () => {
  const kills = (...records: string[]) => {
    const parser = new KillParser();
    for (const record of records) parser.add(record);
    return parser.kills;
  };

  it('tells who was killed for which control group', () => {
    expect(
      kills(
        '6,1,5000000,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/docker/a,task_memcg=/docker/a,task=x y,pid=31,uid=0',
        '3,2,5000100,-;Memory cgroup out of memory: Killed process 31 (x (y)) total-vm:1kB, anon-rss:2048kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:44kB oom_score_adj:0',
      ),
    ).toEqual([
      { at: 5000.1, pid: 31, command: 'x (y)', cgroup: '/docker/a', anonymous: 2048 * 1024 },
    ]);
  });

  it('tells of a machine without memory, as old and new kernels write it', () => {
    const global = [
      '3,9,7000000,-;Killed process 12 (java), UID 1000, total-vm:99kB, anon-rss:10kB, file-rss:0kB, shmem-rss:0kB',
      '3,9,7000000,c;Out of memory: Killed process 12 (java) total-vm:99kB, anon-rss:10kB, file-rss:0kB',
    ];
    for (const record of global)
      expect(kills(record)).toMatchObject([{ pid: 12, command: 'java', cgroup: null }]);
  });

  it('is other than what programs write into it', () => {
    expect(kills('12,3,8000000,-;someone says: Killed process', 'no record at all')).toEqual([]);
  });
});

describe('a process', () => {
  it('is read where its name is odd', () => {
    const stat = '7 (a) b) S 1 7 7 0 -1 4194560 307 4207 25 76 4 103 62 360 20 0 1 0 30';
    expect(parseFaults(stat)).toEqual({ minor: 307, major: 25 });
    expect(parseFaults('')).toBeNull();
  });

  it('tells what its memory is, or not on old kernels', () => {
    expect(parseStatusMemory('Uid:\t5\t5\t5\t5\nVmSwap:\t  12 kB\nThreads:\t3\n')).toEqual({
      uid: 5,
      threads: 3,
      anonymous: null,
      file: null,
      shmem: null,
      swap: 12 * 1024,
    });
  });

  it.each([
    ['4:memory:/a\n0::/b\n', '/a'],
    ['1:name=systemd:/c\n0::/b\n', '/b'],
    ['5:cpu,memory:/x:y\n', '/x:y'],
    ['', null],
  ])('is of the memory controller’s group in %j', (text, path) => {
    expect(memoryCgroupOf(text)).toBe(path);
  });

  it('has segments of each kind', () => {
    const mapping = (range: string, permissions: string, path: string, rss: number, more = '') =>
      `${range} ${permissions} 00000000 00:00 0 ${path}\nSize: 4 kB\nRss: ${rss} kB\nPss: ${rss / 2} kB\nAnonymous: ${rss} kB\nSwap: 4 kB\n${more}VmFlags: rd\n`;
    const text = [
      mapping('1000-2000', 'r-xp', '/usr/bin/app', 4),
      mapping('a000-e000', 'rw-p', '[heap]', 16),
      mapping('10000-11000', '---p', '', 0),
      mapping('11000-21000', 'rw-p', '', 8),
      mapping('30000-40000', 'rw-p', '', 32),
      mapping('50000-60000', 'rw-s', '/memfd:x (deleted)', 64),
      mapping('200000-400000', 'rw-p', '/anon_hugepage (deleted)', 0, 'Private_Hugetlb: 2048 kB\n'),
      mapping('7000000-7001000', 'rw-p', '[stack]', 12),
      mapping('8000000-8001000', 'r-xp', '[vdso]', 4),
    ].join('');
    const { segments, largest } = segmentsOf(parseSmaps(text));
    const resident = Object.fromEntries(segments.map((each) => [each.kind, each.resident / 1024]));
    expect(resident).toEqual({
      'heap': 16,
      'stacks': 20,
      'anonymous': 32,
      'files': 4,
      'shared memory': 64,
      'huge pages': 2048,
      'kernel': 4,
    });
    expect(segments.every(({ swap, mappings }) => swap === mappings * 4096)).toBe(true);
    expect(largest[0]?.name).toBe('/anon_hugepage (deleted)');
  });
});

describe('a control group', () => {
  it('has the figures of those below it in v1, and others by other names in v2', () => {
    const v1 = 'cache 1\nrss 2\ntotal_cache 10\ntotal_rss 20\ntotal_inactive_file 3\n';
    expect(parseCgroupStat(v1, 1)).toMatchObject({
      file: 10,
      anonymous: 20,
      inactiveFile: 3,
      shmem: null,
    });
    const v2 = 'anon 7\nfile 8\nshmem 1\nfile_dirty 2\nworkingset_refault_file 5\n';
    expect(parseCgroupStat(v2, 2)).toMatchObject({
      anonymous: 7,
      file: 8,
      shmem: 1,
      dirty: 2,
      refaultedFile: 5,
    });
  });
});

describe('mounts in memory', () => {
  it('are counted once by device, and left out where they cannot be asked', () => {
    const text = [
      '25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw',
      '30 24 0:23 / /run/shm rw - tmpfs tmpfs rw',
      '31 24 0:24 / /gone rw - tmpfs tmpfs rw',
      '32 24 8:1 / / rw - ext4 /dev/sda1 rw',
    ].join('\n');
    const useOf = (path: string) => (path === '/gone' ? null : { used: 5, size: 9 });
    expect(memoryMounts(text, useOf)).toEqual([
      { path: '/dev/shm', fileSystem: 'tmpfs', used: 5, size: 9 },
    ]);
  });
});
