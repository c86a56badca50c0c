import { closeSync, openSync, statSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openElf } from '../../src/native/elf-addon.ts';
import { ModuleCache } from '../../src/symbols/module-cache.ts';
import { ProcessSymbols } from '../../src/symbols/process-symbols.ts';
import { assemble } from '../support/compile.ts';
import { requires } from '../support/require.ts';

const functions = {
  framed: 'push rbp\n mov rbp, rsp\n nop\n pop rbp\n ret',
  frameless: 'push rbx\n nop\n nop\n pop rbx\n ret',
};

describe.skipIf(!requires('x86-64', process.arch === 'x64', 'the functions are in its assembly'))(
  'a frame without a frame pointer',
  () => {
    // The program, as if it were mapped whole at this address.
    const mappedAt = 0x4000_0000n;
    const modules = new ModuleCache();
    const symbols = new ProcessSymbols(process.pid, modules);
    const offsets = new Map<string, number>();

    beforeAll(() => {
      const path = assemble(functions);
      const { ino, size } = statSync(path);
      const fd = openSync(path, 'r');
      const elf = openElf(fd);
      for (const fn of elf.functions(Object.keys(functions))) offsets.set(fn.symbol, fn.offset);
      elf.close();
      closeSync(fd);
      symbols.update([
        {
          start: mappedAt,
          end: mappedAt + BigInt(Math.ceil(size / 4096) * 4096),
          permissions: 'r-xp',
          offset: 0n,
          device: '00:00',
          inode: ino,
          path,
        },
      ]);
    });

    afterAll(() => {
      modules.close();
    });

    /** A return address three bytes into each function. */
    const stack = (...names: readonly (keyof typeof functions)[]): bigint[] =>
      names.map((name) => mappedAt + BigInt((offsets.get(name) ?? Number.NaN) + 3));

    const hiding = (addresses: readonly bigint[]): (string | null)[] =>
      symbols
        .resolve(addresses, false)
        .map(({ symbol, mayHideCaller }) => (mayHideCaller === true ? `${symbol} …` : symbol));

    test('may hide its caller, unless it is the last: behind that there is nothing to miss', () => {
      expect(hiding(stack('framed', 'frameless', 'framed'))).toEqual([
        'framed',
        'frameless …',
        'framed',
      ]);
      expect(hiding(stack('frameless', 'frameless'))).toEqual(['frameless …', 'frameless']);
      expect(hiding(stack('frameless'))).toEqual(['frameless']);
    });

    test('is not known outside of files', () => {
      expect(hiding([0x1000n, ...stack('framed')])).toEqual([null, 'framed']);
    });
  },
);
