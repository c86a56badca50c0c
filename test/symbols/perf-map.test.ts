import {
  appendFileSync,
  chownSync,
  existsSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';

import { afterEach, describe, expect, test } from 'vitest';

import { ModuleCache } from '../../src/symbols/module-cache.ts';
import { parsePerfMap, PerfMap } from '../../src/symbols/perf-map.ts';
import { ProcessSymbols } from '../../src/symbols/process-symbols.ts';
import { readMaps } from '../../src/system/maps.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';

describe('parsePerfMap', () => {
  test('reads start, size and name, with and without 0x; other lines are left out', () => {
    expect(
      parsePerfMap(
        '7f10 20 LazyCompile:~run /srv/app.js:3\n0x8000 0x10 Stub\nnot a row\n9000 zz x\n\n',
      ),
    ).toEqual([
      { start: 0x7f10n, end: 0x7f30n, name: 'LazyCompile:~run /srv/app.js:3' },
      { start: 0x8000n, end: 0x8010n, name: 'Stub' },
    ]);
  });
});

describe('the map of a JIT', () => {
  let target: Target | undefined;
  let map: PerfMap | undefined;
  let file = '';

  const start = async (...args: readonly string[]): Promise<Target> => {
    target = await Target.start([
      process.execPath,
      ...args,
      '-e',
      `console.log('ready 0'); process.stdin.resume()`,
    ]);
    file = `/tmp/perf-${target.pid}.map`;
    return target;
  };

  const openMap = async (text: string): Promise<PerfMap> => {
    const { pid } = await start();
    writeFileSync(file, text);
    map = new PerfMap(pid);
    map.open();
    map.refresh();
    return map;
  };

  afterEach(() => {
    map?.close();
    map = undefined;
    target?.kill();
    rmSync(file, { force: true });
  });

  test('names an address and how far it is in its function', async () => {
    const jit = await openMap('1000 100 first\n2000 10 second\n');
    expect(
      [0xfffn, 0x1000n, 0x10ffn, 0x1100n, 0x200fn, 0x2010n].map((address) => jit.find(address)),
    ).toEqual([
      null,
      { symbol: 'first', offset: 0 },
      { symbol: 'first', offset: 0xff },
      null,
      { symbol: 'second', offset: 0xf },
      null,
    ]);
  });

  test('of code that was written over names the later function', async () => {
    const jit = await openMap(
      '1000 100 old\n1080 40 older-inside\n1000 100 again\n3000 100 long\n3040 10 short\n',
    );
    expect([0x1010n, 0x1090n, 0x3045n, 0x3060n].map((each) => jit.find(each)?.symbol)).toEqual([
      'again',
      'again',
      'short',
      'long',
    ]);
  });

  test('is read on when it grows, also in the middle of a line', async () => {
    const jit = await openMap('1000 100 first\n2000 1');
    expect(jit.find(0x2000n)).toBe(null);
    appendFileSync(file, '0 second\n3000 10 thi');
    jit.refresh();
    appendFileSync(file, 'rd – ünïcode\n');
    jit.refresh();
    expect([0x1000n, 0x2008n, 0x3000n].map((each) => jit.find(each)?.symbol)).toEqual([
      'first',
      'second',
      'third – ünïcode',
    ]);
  });

  test.skipIf(!requires('root', process.getuid?.() === 0, 'chown'))(
    'that another user has written is not believed',
    async () => {
      const { pid } = await start();
      writeFileSync(file, '1000 100 planted\n');
      chownSync(file, 12_345, 12_345);
      map = new PerfMap(pid);
      map.open();
      map.refresh();
      expect(map.find(0x1000n)).toBe(null);
    },
  );

  test.skipIf(!requires('root', process.getuid?.() === 0, 'unshare'))(
    'of a process in namespaces of its own lies in its /tmp, under the pid that it has there',
    async () => {
      const script = `mount -t tmpfs none /tmp; echo '1000 100 inside' > /tmp/perf-1.map; echo ready 1; exec cat`;
      target = await Target.start(['unshare', '--pid', '--mount', '--fork', 'sh', '-c', script], {
        forked: true,
      });
      map = new PerfMap(target.pid);
      map.open();
      map.refresh();
      expect(map.find(0x1004n)).toEqual({ symbol: 'inside', offset: 4 });
      process.kill(target.pid, 'SIGKILL');
    },
  );

  test('of a real Node names its functions, also when it is gone', async () => {
    const { pid, exited } = await start('--perf-basic-prof', '--interpreted-frames-native-stack');
    expect(existsSync(file)).toBe(true);
    const modules = new ModuleCache();
    const symbols = new ProcessSymbols(pid, modules);
    const rows = await readMaps(pid);
    symbols.update(rows);
    const anonymous = rows.filter(
      ({ inode, permissions }) => inode === 0 && permissions.includes('x'),
    );
    const functions = parsePerfMap(readFileSync(file, 'utf8')).filter(
      ({ start: at, end }) =>
        end - at > 8n && anonymous.some((row) => row.start <= at && end <= row.end),
    );
    expect(functions.length).toBeGreaterThan(10);
    const known = symbols.resolve([(functions[0]?.start ?? 0n) + 4n], false);
    target?.kill();
    await exited;
    rmSync(file);
    // Each start belongs to one function alone, the one that was written last.
    const last = new Map(functions.map((each) => [each.start, each]));
    const frames = symbols.resolve(
      [...last.keys()].map((at) => at + 4n),
      false,
    );
    expect(frames[0]).toEqual(known[0]);
    expect(frames.map(({ symbol, offset, module }) => ({ symbol, offset, module }))).toEqual(
      [...last.values()].map(({ name }) => ({ symbol: name, offset: 4, module: 'jit' })),
    );
    symbols.close();
    modules.close();
  });

  test('that is not there leaves the module jit and the address', async () => {
    const { pid } = await start();
    const symbols = new ProcessSymbols(pid, new ModuleCache());
    const rows = await readMaps(pid);
    symbols.update(rows);
    const jit = rows.find(
      ({ path, inode, permissions }) => path === '' && inode === 0 && permissions.includes('x'),
    );
    const address = (jit?.start ?? 0n) + 0x40n;
    expect(symbols.resolve([address], false)).toEqual([
      { address, symbol: null, offset: 0, module: 'jit' },
    ]);
  });
});
