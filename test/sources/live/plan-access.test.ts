import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildTarget } from '../../support/build-target.ts';
import { requires } from '../../support/require.ts';
import { drawn, plan, start } from './planning.ts';

const folder = mkdtempSync(join(tmpdir(), 'memtrace-plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

const dynamic = buildTarget('family.c', 'dynamic') ?? '';

describe('objects that cannot be reached by their path', () => {
  const isRoot = requires('root', process.getuid?.() === 0, 'it takes other users and namespaces');
  const own = buildTarget('own-allocator.c', 'dynamic') ?? '';

  it.skipIf(!isRoot)('are opened when deleted', async () => {
    const program = join(folder, 'deleted');
    copyFileSync(own, program);
    const pid = await start([program]);
    unlinkSync(program);
    expect(drawn(await plan(pid))['deleted: deleted']).toContain('malloc');
  });

  it.skipIf(!isRoot)('are those that are mapped when the path has another file now', async () => {
    const program = join(folder, 'replaced');
    copyFileSync(own, program);
    const pid = await start([program]);
    unlinkSync(program);
    copyFileSync(dynamic, program);
    expect(drawn(await plan(pid))['replaced: replaced']).toEqual(['malloc', 'calloc', 'free']);
  });

  it.skipIf(!isRoot)('are found in a file system that only the target sees', async () => {
    const script = `mount -t tmpfs none /mnt && cp ${own} /mnt/hidden && exec /mnt/hidden`;
    const pid = await start(['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script]);
    expect(drawn(await plan(pid))['hidden: hidden']).toEqual(['malloc', 'calloc', 'free']);
  });

  it.skipIf(!isRoot)('are opened by their path where map_files is not allowed', async () => {
    const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const code = `
      const { planProbes } = await import(${JSON.stringify(new URL('../../../src/sources/live/plan.ts', import.meta.url).href)});
      const plan = await planProbes(Number(process.argv[1]));
      console.log(JSON.stringify(plan.rows.map((row) => [row.symbol, row.openedAs])));`;
    const readable = spawnSync(asNobody[0]!, [...asNobody.slice(1), process.execPath, '--version']);
    const [open, shut] = [statSync(own).mode, statSync(import.meta.dirname).mode];
    if (
      !requires(
        'nobody',
        readable.status === 0 && Boolean(open & shut & 1),
        'nobody cannot run node here',
      )
    )
      return;
    const pid = await start([...asNobody, own]);
    const [setpriv, ...args] = [
      ...asNobody,
      process.execPath,
      '--input-type=module',
      '-e',
      code,
      `${pid}`,
    ];
    const rows = JSON.parse(execFileSync(setpriv!, args, { encoding: 'utf8' })) as [
      string,
      string,
    ][];
    expect(rows).toContainEqual(['malloc', `/proc/${pid}/root${own}`]);
  });
});
