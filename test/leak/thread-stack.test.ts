import { describe, expect, test } from 'vitest';

import { builtFile } from '../../src/native/addon.ts';
import { program } from '../support/library.ts';
import { requires } from '../support/require.ts';
import { run } from '../support/run.ts';

const disassembler = program('llvm-objdump');
const canLook = requires('llvm-objdump', disassembler !== null, 'llvm-objdump is not installed');

/** bpf_tail_call(): enum bpf_func_id. */
const tailCall = /\tcall 12$/;

/** The programs of uprobes, and whether each has a tail call somewhere. */
function programsOf(object: string): Map<string, boolean> {
  const sections = ['--section=uprobe', '--section=uretprobe'];
  const text = run(disassembler ?? '', '-d', ...sections, builtFile(`dist/bpf/${object}.bpf.o`));
  const found = new Map<string, boolean>();
  let name = '';
  for (const line of text.split('\n')) {
    // Labels begin with a capital letter.
    name = /^[0-9a-f]+ <([a-z]\w*)>:$/.exec(line)?.[1] ?? name;
    if (name !== '') found.set(name, found.get(name) === true || tailCall.test(line));
  }
  return found;
}

describe.skipIf(!canLook)('programs of uprobes, which may be preempted', () => {
  test('stay on the stack of their thread: each has a tail call', () => {
    const programs = programsOf('heap');
    expect(programs.size).toBeGreaterThan(10);
    expect([...programs].filter(([, hasTailCall]) => !hasTailCall)).toEqual([]);
  });
});
