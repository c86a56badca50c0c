import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryHierarchy } from '../../src/system/cgroup-names.ts';
import { readMounts } from '../../src/system/mountinfo.ts';
import { CacheTracer } from '../support/cache-tracer.ts';
import { canTrace } from '../support/memtrace.ts';
import { requires } from '../support/require.ts';

const mebibyte = 2 ** 20;
const limit = 32 * mebibyte;

/** A control group with so little memory that two files do not fit into it; null where there can be none. */
async function smallGroup(): Promise<string | null> {
  const root = memoryHierarchy(await readMounts('self'));
  if (root === null) return null;
  const group = path.join(root, `memtrace-test-${process.pid}`);
  try {
    mkdirSync(group);
    const file = ['memory.limit_in_bytes', 'memory.max']
      .map((name) => path.join(group, name))
      .find(existsSync);
    if (file === undefined) {
      rmdirSync(group);
      return null;
    }
    writeFileSync(file, String(limit));
    return group;
  } catch {
    return null;
  }
}

const group = canTrace() ? await smallGroup() : null;
const folder = mkdtempSync('/var/tmp/memtrace-evictions-');
afterAll(() => {
  if (group !== null) rmdirSync(group);
  rmSync(folder, { recursive: true });
});

const fileOf = (name: string, size: number): string => {
  const file = path.join(folder, name);
  writeFileSync(file, Buffer.alloc(size, name));
  execFileSync('sync', [file]);
  execFileSync('dd', [`if=${file}`, 'of=/dev/null', 'iflag=nocache', 'count=0', 'status=none']);
  return file;
};

const here = requires('memory-cgroup', group !== null, 'no control group of the memory controller');

describe.skipIf(!canTrace() || !here)('who evicts whom', () => {
  it('is told where a stream pushes a file out of a small control group, and what of it came back', async () => {
    const kept = fileOf('kept', 16 * mebibyte);
    const stream = fileOf('stream', 64 * mebibyte);
    const tracer = await CacheTracer.start('--file', folder, '1');
    const script = `echo $$ > ${group}/cgroup.procs; cat ${kept} >/dev/null
      cat ${stream} >/dev/null & echo $!; wait; cat ${kept} >/dev/null`;
    const streamer = Number(execFileSync('sh', ['-c', script], { encoding: 'utf8' }));
    const total = await tracer.stop();
    const evictions = total.evictions.filter(({ file }) => file.path === kept);
    const [eviction] = evictions;
    const pages = (16 * mebibyte) / total.pageSizeBytes;
    expect(evictions).toHaveLength(1);
    expect(eviction).toMatchObject({ by: { pid: streamer }, isOwn: false });
    // It reclaimed them itself: the group was full.
    expect(eviction?.direct).toBe(eviction?.evicted);
    expect(eviction?.evicted).toBeGreaterThan(0);
    expect(eviction?.evicted).toBeLessThanOrEqual(pages);
    const again = total.uses.filter((use) => use.path === kept && use.pid !== streamer);
    const refaulted = again.reduce((sum, use) => sum + (use.refaulted ?? 0), 0);
    expect(eviction?.cameBack).toBe(refaulted);
    expect(eviction?.text).toMatch(
      new RegExp(`^cat\\[${streamer}\\] filled 64\\.0 MiB while .* of ${kept} were evicted`),
    );
    expect(
      total.uses.find(({ pid, path: name }) => pid === streamer && name === stream),
    ).toMatchObject({
      accesses: (64 * mebibyte) / total.pageSizeBytes,
      hits: 0,
    });
  });
});
