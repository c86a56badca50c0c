import { readFileSync } from 'node:fs';

import { beforeAll, describe, expect, test } from 'vitest';

import type { ElfFile, ProbeSite } from '../../src/native/elf.ts';
import { dumpFunctions, type DumpedFunction, type Instruction } from '../support/objdump.ts';
import { requires } from '../support/require.ts';
import { withElf } from './open-elf.ts';

const libc = /(\/\S*\/libc\.so\.6)$/m.exec(readFileSync('/proc/self/maps', 'utf8'))?.[1] ?? '';

// What the kernel emulates, by its bytes (arch/x86/kernel/uprobes.c), told without the disassembler that is tested.
const isEmulated = ([a = 0, b = 0]: readonly number[]): boolean =>
  (a >= 0x50 && a <= 0x57) ||
  (a === 0x41 && b >= 0x50 && b <= 0x57) ||
  (a >= 0x70 && a <= 0x7f) ||
  (a === 0x0f && b >= 0x80 && b <= 0x8f) ||
  [0x90, 0xe8, 0xe9, 0xeb].includes(a) ||
  (a === 0x66 && b === 0x90);

// What may stand before a site, as objdump writes it: what only compares, and what writes nothing but rax, rbx, r10 to r15
// (the last operand) or the vector and x87 registers.
const comparing = /^(endbr64|nop\w?|test\w?|cmp\w?|bt|u?comis[sd])\b/;
const writing = /[ ,]%([er]?ax|a[hl]|[er]?bx|b[hl]|r1[0-5][dwb]?|[xyz]mm\d+)$/;
const onStackOfX87 = /^(fld[lst]?|fxam|fabs|fchs|fstp\s+%st)\b/;
const isHarmless = ({ text }: Instruction): boolean =>
  comparing.test(text) ||
  onStackOfX87.test(text) ||
  text === 'cltq' ||
  (writing.test(text) && !/^(xchg|xadd|mul|div|idiv|push|pop|call|jmp)/.test(text));

const target = ({ text }: Instruction): number =>
  Number.parseInt(/^(?:j\w+|call\w*|bnd j\w+)\s+([0-9a-f]+)/.exec(text)?.[1] ?? '', 16);

const branchesInto = (fn: DumpedFunction, delta: number): boolean =>
  fn.instructions.some((each) => {
    const to = target(each);
    return to > fn.address && to <= fn.address + delta;
  });

interface Row {
  readonly fn: DumpedFunction;
  readonly site: ProbeSite;
}

// By name and address: some names have two versions.
const rowsOf = (elf: ElfFile, dumped: readonly DumpedFunction[]): Row[] => {
  const sites = new Map(
    elf
      .functions(dumped.map(({ name }) => name))
      .map((fn) => [`${fn.symbol} ${fn.offset}`, elf.probeSite(fn, 6)]),
  );
  return dumped.flatMap((fn) => {
    const segment = elf.facts.segments.find(
      ({ vaddr, fileSize }) => fn.address >= vaddr && fn.address < vaddr + fileSize,
    );
    const offset = fn.address - (segment?.vaddr ?? 0) + (segment?.offset ?? 0);
    const site = sites.get(`${fn.name} ${offset}`);
    return site === undefined ? [] : [{ fn, site }];
  });
};

const ready = requires('x86-64', process.arch === 'x64' && libc !== '', 'a glibc of x86-64');

describe.skipIf(!ready)('probe sites of the exported functions of glibc', () => {
  let rows: Row[] = [];
  beforeAll(() => {
    const dumped = dumpFunctions(libc);
    rows = withElf(libc, (elf) => rowsOf(elf, dumped));
  });

  const before = ({ fn, site }: Row): Instruction[] =>
    fn.instructions.filter(({ address }) => address < fn.address + site.delta);
  const at = ({ fn, site }: Row): Instruction | undefined =>
    fn.instructions.find(({ address }) => address === fn.address + site.delta);
  const names = (wrong: readonly Row[]): string[] =>
    wrong.map((row) => `${row.fn.name}+${row.site.delta}: ${at(row)?.text ?? 'no instruction'}`);

  test('all functions are there, and many have a site behind the entry', () => {
    expect(rows.length).toBeGreaterThan(1500);
    expect(rows.filter(({ site }) => site.delta > 0).length).toBeGreaterThan(100);
  });

  test('each stands on an instruction, and it is emulated exactly where its bytes say so', () => {
    expect(names(rows.filter((row) => at(row) === undefined))).toEqual([]);
    expect(
      names(rows.filter((row) => isEmulated(at(row)?.bytes ?? []) !== row.site.emulated)),
    ).toEqual([]);
  });

  test('nothing before it changes an argument, the stack or the frame pointer', () => {
    expect(
      rows.flatMap((row) =>
        before(row)
          .filter((each) => !isHarmless(each))
          .map(({ text }) => `${row.fn.name}: ${text}`),
      ),
    ).toEqual([]);
  });

  test('no branch of the function leads behind the entry up to it', () => {
    expect(names(rows.filter(({ fn, site }) => branchesInto(fn, site.delta)))).toEqual([]);
  });

  test('nothing emulated is passed over', () => {
    const passed = rows.filter((row) => before(row).some(({ bytes }) => isEmulated(bytes)));
    expect(names(passed)).toEqual([]);
  });
});
