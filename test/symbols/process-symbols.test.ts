import { copyFileSync, mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { ModuleCache } from '../../src/symbols/module-cache.ts';
import { ProcessSymbols } from '../../src/symbols/process-symbols.ts';
import type { MapRow } from '../../src/system/maps.ts';
import { requires } from '../support/require.ts';
import { run } from '../support/run.ts';
import { buildNames, Names } from './names-program.ts';

let folder = '';
let names: Names | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'memtrace-symbols-'));
});

afterEach(() => {
  names?.close();
  names = undefined;
  rmSync(folder, { recursive: true });
});

const functions = ['inner', 'middle', 'outer', 'main'];

const expectNamed = ({ symbols, calls, addresses }: Names): void => {
  const frames = symbols.resolve(addresses, false);
  expect(frames.map(({ symbol, offset }) => ({ symbol, offset }))).toEqual(
    calls.map(({ offset }, i) => ({ symbol: functions[i], offset })),
  );
};

describe('names of a running program', () => {
  test('are those of the functions that call, with the offsets of the return addresses', async () => {
    const program = buildNames();
    names = await Names.start([program]);
    expectNamed(names);
    const [frame] = names.symbols.resolve(names.addresses, false);
    expect(frame).toMatchObject({ module: 'program', path: program });
  });

  test('a return address that is the beginning of the next function belongs to the call before it', async () => {
    names = await Names.start([buildNames()]);
    // take() is written before inner(): the byte before inner() is in no other function than it, or is padding.
    const [call] = names.calls;
    const begin = (call?.address ?? 0n) - BigInt(call?.offset ?? 0);
    const [exact, back] = [true, false].map(
      (leafIsExact) => names?.symbols.resolve([begin], leafIsExact)[0],
    );
    expect(exact).toMatchObject({ symbol: 'inner', offset: 0 });
    expect(back?.symbol).not.toBe('inner');
  });

  test('without symbols are the module and the address that objdump shows', async () => {
    const whole = buildNames();
    const stripped = path.join(folder, 'stripped');
    run('objcopy', '--strip-all', whole, stripped);
    names = await Names.start([stripped]);
    const frames = names.symbols.resolve(names.addresses, false);
    const begins = functions.map((name) => {
      const row = run('nm', whole)
        .split('\n')
        .find((line) => line.endsWith(` ${name}`));
      return Number.parseInt(row ?? '', 16);
    });
    expect(frames.map(({ symbol, module, offset }) => ({ symbol, module, offset }))).toEqual(
      names.calls.map(({ offset }, i) => ({
        symbol: null,
        module: 'stripped',
        offset: (begins[i] ?? Number.NaN) + offset,
      })),
    );
  });

  test('outlive the process and its file', async () => {
    const copy = path.join(folder, 'copy');
    copyFileSync(buildNames(), copy);
    names = await Names.start([copy]);
    unlinkSync(copy);
    names.target.kill();
    await names.target.exited;
    expectNamed(names);
  });

  test.skipIf(!requires('root', process.getuid?.() === 0, 'map_files leads to deleted files'))(
    'are read from a file that was deleted before',
    async () => {
      const copy = path.join(folder, 'copy');
      copyFileSync(buildNames(), copy);
      names = await Names.start([
        'sh',
        '-c',
        `exec 3<"${copy}"; unlink "${copy}"; exec /proc/self/fd/3`,
      ]);
      expectNamed(names);
      expect(names.symbols.resolve(names.addresses, false)[0]?.module).toBe('copy');
    },
  );

  test('are C functions that keep their frame pointers: no caller is hidden', async () => {
    names = await Names.start([buildNames()]);
    const frames = names.symbols.resolve(names.addresses, false);
    expect(frames.filter(({ mayHideCaller }) => mayHideCaller === true)).toEqual([]);
  });
});

describe('mappings', () => {
  const special = (name: string, start: bigint, end: bigint, permissions = 'r-xp'): MapRow => ({
    start,
    end,
    permissions,
    offset: 0n,
    device: '00:00',
    inode: 0,
    path: name,
  });
  const moduleAt = (symbols: ProcessSymbols, address: bigint): string | null =>
    symbols.resolve([address], true)[0]?.module ?? null;

  let symbols: ProcessSymbols;
  beforeEach(() => {
    symbols = new ProcessSymbols(process.pid, new ModuleCache());
  });

  test('that went stay known, and a new one wins where it lies', () => {
    symbols.update([special('[first]', 0x1000n, 0x5000n), special('[other]', 0x8000n, 0x9000n)]);
    symbols.update([special('[second]', 0x2000n, 0x3000n)]);
    expect(
      [0x1fffn, 0x2000n, 0x2fffn, 0x3000n, 0x4fffn, 0x5000n, 0x8000n].map((address) =>
        moduleAt(symbols, address),
      ),
    ).toEqual(['[first]', '[second]', '[second]', '[first]', '[first]', null, '[other]']);
  });

  test('cover addresses of code alone', () => {
    symbols.update([
      special('[code]', 0x1000n, 0x2000n),
      special('[plain]', 0x2000n, 0x3000n, 'rw-p'),
    ]);
    expect([0xfffn, 0x1000n, 0x1fffn, 0x2000n].map((each) => symbols.covers(each))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('by the ten thousand are told apart', () => {
    const size = 0x1000n;
    const rows = Array.from({ length: 10_000 }, (_, i) =>
      special(`[m${i}]`, BigInt(2 * i + 1) * size, BigInt(2 * i + 2) * size),
    );
    symbols.update(rows);
    symbols.update(rows);
    expect(moduleAt(symbols, 9999n * 2n * size + size)).toBe('[m9999]');
    expect(moduleAt(symbols, 9999n * 2n * size)).toBe(null);
  });

  test('of the kernel go by their names, with the offset in them', () => {
    symbols.update([special('[vdso]', 0x7000n, 0x8000n)]);
    expect(symbols.resolve([0x7123n], false)).toEqual([
      { address: 0x7123n, symbol: null, offset: 0x123, module: '[vdso]', path: '[vdso]' },
    ]);
  });
});
