import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { canSlowDisks, fileSystem, hasFileSystem, slowDisk } from '../support/file-system.ts';
import { canLimit, MemoryGroup } from '../support/memory-group.ts';
import { requires } from '../support/require.ts';
import { run } from '../support/run.ts';
import { Target } from '../support/run-target.ts';
import { concerning, type Found, type Parties, verdictsOf } from '../support/triage.ts';

const MiB = 2 ** 20;
const program = buildTarget('pressure.c', 'dynamic') ?? '';
const isRoot = requires('root', process.getuid?.() === 0, 'situations are made as root');
const hasDisk = isRoot && hasFileSystem('ext4');
const hasSlowDisk = isRoot && canSlowDisks();
const hasGroups = requires('memory-cgroup', canLimit(), 'control groups with a limit need root');

describe.skipIf(!isRoot)('the first verdict', () => {
  let usual: readonly Found[];
  /** Leaks 1 MB a second from the beginning: old when it is looked at. */
  let leaking: Target;
  const targets: Target[] = [];

  beforeAll(async () => {
    usual = await verdictsOf(6);
    leaking = await Target.start([program, 'leak', '50000']);
  });
  afterAll(() => leaking?.kill());
  afterEach(async () => {
    for (const target of targets) target.kill();
    await Promise.all(targets.splice(0).map(({ exited }) => exited));
  });

  async function start(...args: readonly (string | number)[]): Promise<Target> {
    const target = await Target.start([program, ...args.map(String)]);
    targets.push(target);
    return target;
  }

  /** The first verdict of the next seconds on what is going on, which is to have this code. */
  async function first(code: string, parties: Parties = {}, seconds = 7): Promise<Found> {
    const all = await verdictsOf(seconds);
    const [verdict] = concerning(all, parties, usual, code);
    if (verdict === undefined) throw new Error(`nothing but ${JSON.stringify(all)}`);
    return verdict;
  }

  test('of a process that has just begun to leak names it, and says that it is young', async () => {
    const { pid } = await start('leak', 100_000);
    expect(await first('process-growth', { pids: [pid] })).toMatchObject({
      code: 'process-growth',
      subject: { kind: 'process', pid },
      next: { argv: ['memtrace', 'leak', '-p', String(pid)] },
    });
  });

  test.skipIf(!hasDisk)('of a process that only reads files is that nothing is wrong', async () => {
    const { folder } = fileSystem('ext4');
    const file = path.join(folder, 'holes');
    run('truncate', '--size', '4G', file);
    const { pid } = await start('read', file, 3 * MiB);
    const verdict = await first('cache-growth', { pids: [pid] });
    expect(verdict).toMatchObject({ code: 'cache-growth', severity: 'ok' });
    expect(verdict.next?.argv).toEqual(['memtrace', 'cache', '--top']);
  });

  test.skipIf(!hasFileSystem('tmpfs'))('of a tmpfs that fills up names its mount', async () => {
    const { folder } = fileSystem('tmpfs');
    await start('write', path.join(folder, 'spool'), 400_000);
    const verdict = await first('shmem-growth', { paths: [folder] });
    expect(verdict).toMatchObject({
      code: 'shmem-growth',
      severity: 'warning',
      subject: { kind: 'mount', path: folder },
      next: { argv: ['memtrace', 'cache', '--top'] },
    });
  });

  test.skipIf(!hasDisk)('of names that are looked up in vain names the dentries', async () => {
    const { folder } = fileSystem('ext4');
    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    await start('lookup', empty, 2500);
    const verdict = await first('slab-growth');
    expect(verdict).toMatchObject({ code: 'slab-growth', severity: 'note' });
    expect(verdict.subject).toEqual({ kind: 'slab', name: 'dentry' });
  });

  test.skipIf(!hasGroups)(
    'of a control group at its limit names it, and who fills it',
    async () => {
      const group = new MemoryGroup(64 * MiB);
      const { pid } = await start('hold', `in=${group.processes}`, 61 * MiB);
      const verdict = await first('cgroup-limit', { pids: [pid], paths: [group.path] });
      expect(verdict).toMatchObject({
        code: 'cgroup-limit',
        subject: { kind: 'cgroup', path: group.path },
        next: { argv: ['memtrace', 'triage', '-p', String(pid)] },
      });
    },
  );

  test.skipIf(!hasGroups || !hasDisk)(
    'of page faults on a mapped file that does not fit below a limit names the group',
    async () => {
      const group = new MemoryGroup(48 * MiB);
      const file = path.join(fileSystem('ext4').folder, 'mapped');
      // Past the page cache: its pages are to be those of the group.
      run('dd', 'if=/dev/zero', `of=${file}`, 'bs=1M', 'count=192', 'oflag=direct');
      const { pid } = await start('fault', `in=${group.processes}`, file);
      const verdict = await first('cache-thrash', { pids: [pid], paths: [group.path] });
      expect(verdict).toMatchObject({
        code: 'cache-thrash',
        subject: { kind: 'cgroup', path: group.path },
      });
      expect(verdict.sentence).toContain('by page faults on mapped files');
      expect(verdict.next?.argv).toEqual([
        'memtrace',
        'cache',
        '--by',
        'process',
        '--cgroup',
        group.path,
      ]);
    },
  );

  test.skipIf(!hasSlowDisk)('of heavy writing is that writers are throttled', async () => {
    const settings = new DirtySettings(96 * MiB);
    try {
      const folder = slowDisk(16 * MiB);
      await start('rewrite', path.join(folder, 'log'), 192 * MiB);
      const verdict = await first('dirty-throttling');
      expect(verdict).toMatchObject({ code: 'dirty-throttling', severity: 'warning' });
      expect(verdict.next?.argv).toEqual([
        'memtrace',
        'cache',
        '--by',
        'process',
        '--sort',
        'dirtied',
      ]);
    } finally {
      settings.restore();
    }
  });

  test('of a process that goes on leaking is the suspicion, once it is no longer young', async () => {
    const { pid } = leaking;
    const verdict = await vi.waitFor(
      async () => {
        const found = await first('process-leak', { pids: [pid] }, 6);
        expect(found.code).toBe('process-leak');
        return found;
      },
      { timeout: 110_000, interval: 0 },
    );
    expect(verdict).toMatchObject({
      subject: { kind: 'process', pid },
      next: { argv: ['memtrace', 'leak', '-p', String(pid)] },
    });
  });

  // The last one: the kernel log keeps it.
  test.skipIf(!hasGroups)(
    'of a kill in a control group names the group and the killed',
    async () => {
      const group = new MemoryGroup(48 * MiB);
      const target = await start('leak', `in=${group.processes}`, 4 * MiB);
      expect(await target.exited).toBeNull();
      const verdict = await first('oom-recent', { pids: [target.pid], paths: [group.path] });
      expect(verdict).toMatchObject({
        code: 'oom-recent',
        severity: 'critical',
        subject: { kind: 'cgroup', path: group.path },
      });
      expect(verdict.sentence).toContain(`pressure[${target.pid}]`);
      expect(verdict.sentence).toContain(`the limit of ${group.path} was reached`);
    },
  );
});

/** Lower limits of dirty pages for as long as a test lasts: no machine needs gigabytes written for it. */
class DirtySettings {
  readonly #before: readonly (readonly [string, string])[];

  constructor(limit: number) {
    const names = [
      'dirty_ratio',
      'dirty_background_ratio',
      'dirty_bytes',
      'dirty_background_bytes',
    ];
    this.#before = names.map((name) => [name, readFileSync(settingPath(name), 'utf8').trim()]);
    process.once('exit', this.restore);
    writeFileSync(settingPath('dirty_bytes'), String(limit));
    writeFileSync(settingPath('dirty_background_bytes'), String(limit / 2));
  }

  /** What is not 0 was in force: writing it sets its other form to 0. */
  readonly restore = (): void => {
    process.off('exit', this.restore);
    for (const [name, value] of this.#before)
      if (value !== '0') writeFileSync(settingPath(name), value);
  };
}

const settingPath = (name: string): string => path.join('/proc/sys/vm', name);
