import { describe, expect, test } from 'vitest';

import type { ProbeSite } from '../../src/native/elf.ts';
import { assemble } from '../support/compile.ts';
import { requires } from '../support/require.ts';
import { withElf } from './open-elf.ts';

interface Case {
  readonly title: string;
  readonly body: string;
  readonly delta: number;
  readonly instruction: RegExp;
  readonly emulated: boolean;
}

const isX86 = process.arch === 'x64';

const atTheSite: Readonly<Record<string, Case>> = {
  pushes: {
    title: 'a push at the entry',
    body: 'push rbx\n pop rbx\n ret',
    delta: 0,
    instruction: /^push rbx$/,
    emulated: true,
  },
  pushes_high: {
    title: 'a push of a high register at the entry',
    body: 'push r12\n pop r12\n ret',
    delta: 0,
    instruction: /^push r12$/,
    emulated: true,
  },
  lands: {
    title: 'the push behind a landing pad',
    body: 'endbr64\n push rbp\n mov rbp, rsp\n pop rbp\n ret',
    delta: 4,
    instruction: /^push rbp$/,
    emulated: true,
  },
  tests: {
    title: 'the branch behind a test, which is always executed, not the push behind it',
    body: 'test rdi, rdi\n je 1f\n push rbp\n pop rbp\n 1: ret',
    delta: 3,
    instruction: /^je /,
    emulated: true,
  },
  tests_memory: {
    title: 'the branch behind a test of memory',
    body: 'test byte ptr [rdi], 1\n je 1f\n push rbp\n pop rbp\n 1: ret',
    delta: 3,
    instruction: /^je /,
    emulated: true,
  },
  scratches: {
    title: 'the push behind a move to a register that is no argument',
    body: 'mov eax, 7\n mov r10, rdi\n push rbx\n pop rbx\n ret',
    delta: 8,
    instruction: /^push rbx$/,
    emulated: true,
  },
  jumps: {
    title: 'a jump at the entry',
    body: 'jmp 1f\n 1: ret',
    delta: 0,
    instruction: /^jmp /,
    emulated: true,
  },
};

const atTheEntry: Readonly<Record<string, Omit<Case, 'delta' | 'emulated'>>> = {
  moves_argument: {
    title: 'an argument is overwritten first',
    body: 'mov rdi, rsi\n push rbx\n pop rbx\n ret',
    instruction: /^mov rdi, rsi$/,
  },
  moves_half: {
    title: 'half of an argument is overwritten first',
    body: 'mov edi, 1\n push rbx\n pop rbx\n ret',
    instruction: /^mov edi, 1$/,
  },
  moves_byte: {
    title: 'a byte of an argument is overwritten first',
    body: 'endbr64\n mov cl, 1\n push rbx\n pop rbx\n ret',
    instruction: /^endbr64$/,
  },
  moves_second: {
    title: 'the second argument is overwritten first',
    body: 'mov esi, 1\n push rbx\n pop rbx\n ret',
    instruction: /^mov esi, 1$/,
  },
  stores: {
    title: 'memory is written first',
    body: 'mov qword ptr [rdi], rax\n push rbx\n pop rbx\n ret',
    instruction: /^mov qword ptr/,
  },
  stores_vector: {
    title: 'memory is written first, from a vector register',
    body: 'movups xmmword ptr [rdi], xmm0\n push rbx\n pop rbx\n ret',
    instruction: /^movups /,
  },
  takes_stack: {
    title: 'the stack pointer is moved first',
    body: 'sub rsp, 24\n push rbx\n pop rbx\n add rsp, 24\n ret',
    instruction: /^sub rsp, 0x18$/,
  },
  multiplies: {
    title: 'an argument is overwritten by an instruction that does not name it',
    body: 'mul rdi\n push rbx\n pop rbx\n ret',
    instruction: /^mul rdi$/,
  },
  loops: {
    title: 'a loop leads back between entry and site',
    body: 'mov eax, 9\n 1: test rdi, rdi\n push rbx\n pop rbx\n dec eax\n jne 1b\n ret',
    instruction: /^mov eax, 9$/,
  },
  loops_to_site: {
    title: 'a loop leads back to the site itself',
    body: 'mov eax, 9\n 1: push rbx\n pop rbx\n dec eax\n jne 1b\n ret',
    instruction: /^mov eax, 9$/,
  },
  garbles: {
    title: 'the body cannot be decoded to its end',
    body: 'test rdi, rdi\n push rbx\n pop rbx\n ret\n .byte 0x06',
    instruction: /^test rdi, rdi$/,
  },
  returns: {
    title: 'nothing follows that is emulated',
    body: 'mov rax, rdi\n ret',
    instruction: /^mov rax, rdi$/,
  },
  prefixes: {
    title: 'the push has another size',
    body: 'push bx\n pop bx\n ret',
    instruction: /^push bx$/,
  },
};

const program = (): string =>
  assemble(
    Object.fromEntries(
      Object.entries({ ...atTheSite, ...atTheEntry }).map(([name, { body }]) => [name, body]),
    ),
  );

const siteOf = (name: string, argumentCount = 6): { site: ProbeSite; entry: number } =>
  withElf(program(), (elf) => {
    const [fn] = elf.functions([name]);
    if (fn === undefined) throw new Error(`no function ${name}`);
    return { site: elf.probeSite(fn, argumentCount), entry: fn.offset };
  });

describe.skipIf(!requires('x86-64', isX86, 'the functions are in its assembly'))(
  'the probe stands',
  () => {
    test.each(Object.entries(atTheSite))('%s: at $title', (name, each) => {
      const { site, entry } = siteOf(name);
      expect(site).toMatchObject({ delta: each.delta, emulated: each.emulated });
      expect(site.offset).toBe(entry + each.delta);
      expect(site.instruction).toMatch(each.instruction);
    });

    test.each(Object.entries(atTheEntry))('%s: at the entry where $title', (name, each) => {
      const { site, entry } = siteOf(name);
      expect(site).toMatchObject({ delta: 0, emulated: false, offset: entry });
      expect(site.instruction).toMatch(each.instruction);
      expect(site.why).toMatch(/^the entry: /);
    });

    test('an argument that the probe does not read may be overwritten', () => {
      expect(siteOf('moves_second', 2).site).toMatchObject({ delta: 0, emulated: false });
      expect(siteOf('moves_second', 1).site).toMatchObject({ delta: 5, emulated: true });
      expect(siteOf('moves_argument', 0).site).toMatchObject({ delta: 3, emulated: true });
      expect(siteOf('takes_stack', 0).site).toMatchObject({ delta: 0, emulated: false });
    });
  },
);
