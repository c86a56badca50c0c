import { describe, expect, test } from 'vitest';

import { assemble } from '../support/compile.ts';
import { requires } from '../support/require.ts';
import { withElf } from './open-elf.ts';

const functions = {
  'framed': { body: 'push rbp\n mov rbp, rsp\n pop rbp\n ret', keeps: true },
  'framed_behind_pad': { body: 'endbr64\n push rbp\n mov rbp, rsp\n leave\n ret', keeps: true },
  'framed_late': {
    body: 'test rdi, rdi\n je 1f\n push rbp\n mov eax, 5\n mov rbp, rsp\n pop rbp\n 1: ret',
    keeps: true,
  },
  'framed_by_enter': { body: 'enter 16, 0\n leave\n ret', keeps: true },
  'frameless': { body: 'push rbx\n sub rsp, 16\n add rsp, 16\n pop rbx\n ret', keeps: false },
  'rbp_as_register': { body: 'push rbp\n mov rbp, rdi\n pop rbp\n ret', keeps: false },
  // The function that follows it keeps one.
  'tiny': { body: 'ret', keeps: false },
  'framed_again': { body: 'push rbp\n mov rbp, rsp\n pop rbp\n ret', keeps: true },
  'framed.cold': { body: 'call 1f\n 1:\n ud2', keeps: null },
};

describe.skipIf(!requires('x86-64', process.arch === 'x64', 'the functions are in its assembly'))(
  'whether a function keeps a frame pointer',
  () => {
    test.each(Object.entries(functions))('%s', (name, { keeps }) => {
      const program = assemble(
        Object.fromEntries(Object.entries(functions).map(([each, { body }]) => [each, body])),
      );
      const found = withElf(program, (elf) => {
        const [fn] = elf.functions([name]);
        if (fn === undefined) throw new Error(`no function ${name}`);
        return elf.keepsFramePointer(fn.offset + fn.size - 1);
      });
      expect(found).toBe(keeps);
    });
  },
);
