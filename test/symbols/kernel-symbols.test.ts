import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { KernelSymbols } from '../../src/symbols/kernel-symbols.ts';
import { requires } from '../support/require.ts';

const kallsyms = `
0000000000000000 A fixed_percpu_data
ffffffff81000000 T _stext
ffffffff81000100 t helper
ffffffff81000200 T __kmalloc_alias_with_underscores
ffffffff81000200 T kmalloc
ffffffff81000200 W kmalloc_weak
ffffffff81000280 d table
ffffffff81000300 T kfree
ffffffffc0800100 t late_in_module\t[zram]
ffffffffc0200000 t first_in_module\t[ext4]
ffffffffc0900000 t bpf_prog_1234\t[bpf]
`.trimStart();

describe('the names of kernel addresses', () => {
  const symbols = KernelSymbols.parse(kallsyms);
  const name = (address: bigint): string => {
    const [frame] = symbols.resolve([address]);
    return `${frame?.symbol}+${frame?.offset} [${frame?.module}]`;
  };

  test.each([
    [0xffffffff81000000n, '_stext+0 [kernel]'],
    [0xffffffff810001ffn, 'helper+255 [kernel]'],
    [0xffffffff81000210n, 'kmalloc+16 [kernel]'],
    [0xffffffff81000290n, 'kmalloc+144 [kernel]'],
    [0xffffffff81000300n, 'kfree+0 [kernel]'],
    [0xffffffffc0200010n, 'first_in_module+16 [ext4]'],
    [0xffffffffc0800101n, 'late_in_module+1 [zram]'],
    [0xffffffffc0900001n, 'bpf_prog_1234+1 [bpf]'],
    [0xffffffff80000000n, 'null+0 [kernel]'],
    [0x1000n, 'null+0 [kernel]'],
  ])('%i is %s', (address, expected) => {
    expect(name(address)).toBe(expected);
  });

  test('all but the first are looked up at the call, and keep the offset of the return', () => {
    const frames = symbols.resolve([0xffffffff81000300n, 0xffffffff81000300n]);
    expect(frames.map(({ symbol, offset }) => [symbol, offset])).toEqual([
      ['kfree', 0],
      ['kmalloc', 0x100],
    ]);
  });

  test('a text that ends in the middle of a line, and an empty one, do no harm', () => {
    expect(
      KernelSymbols.parse('ffffffff81000000 T whole\nffffffff8100').resolve([
        0xffffffff81000001n,
      ])[0],
    ).toMatchObject({ symbol: 'whole', offset: 1 });
    expect(KernelSymbols.parse('').resolve([1n])[0]).toMatchObject({ symbol: null });
  });

  test('hidden addresses are no names, and the reason is given', () => {
    const hidden = KernelSymbols.parse(kallsyms.replaceAll(/^[0-9a-f]{16}/gm, '0'.repeat(16)));
    expect(hidden.resolve([0xffffffff81000000n])).toEqual([
      { address: 0xffffffff81000000n, symbol: null, offset: 0, module: 'kernel' },
    ]);
    expect(hidden.notices.map(({ code }) => code)).toEqual(['no-kernel-names']);
    expect(symbols.notices).toEqual([]);
  });

  const text = readFileSync('/proc/kallsyms', 'latin1');
  const isShown = /^[0-9a-f]*[1-9a-f][0-9a-f]* [tT] /m.test(text);
  test.skipIf(!requires('kallsyms', isShown, 'the kernel shows its addresses'))(
    'of the running kernel are all those of its own table',
    async () => {
      const real = await KernelSymbols.read();
      const byAddress = new Map<bigint, Set<string>>();
      for (const [, hex, called = ''] of text.matchAll(/^([0-9a-f]+) [tTwW] (\S+)/gm)) {
        const address = BigInt(`0x${hex}`);
        byAddress.set(address, (byAddress.get(address) ?? new Set()).add(called));
      }
      byAddress.delete(0n);
      const wrong = [...byAddress].filter(([address, names]) => {
        const [frame] = real.resolve([address]);
        return frame?.offset !== 0 || !names.has(frame.symbol ?? '');
      });
      expect(byAddress.size).toBeGreaterThan(10_000);
      expect(wrong).toEqual([]);
    },
  );
});
