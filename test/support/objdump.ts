import { execFileSync } from 'node:child_process';

export interface Instruction {
  readonly address: number;
  readonly bytes: readonly number[];
  /** AT&T syntax. */
  readonly text: string;
}

export interface DumpedFunction {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  readonly instructions: readonly Instruction[];
}

const run = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 30 });

/** Exported functions of a library with their code, as nm and objdump see them. */
export function dumpFunctions(path: string): DumpedFunction[] {
  const code = instructionsOf(path);
  const at = new Map(code.map(({ address }, i) => [address, i]));
  return run('nm', ['-DS', '--defined-only', path])
    .split('\n')
    .flatMap((line) => {
      const [, start = '', length = '', name = ''] =
        /^([0-9a-f]+) ([0-9a-f]+) [TW] ([^@]+)/.exec(line) ?? [];
      const address = Number.parseInt(start, 16);
      const size = Number.parseInt(length, 16);
      const first = at.get(address);
      if (name === '' || first === undefined) return [];
      const instructions = [];
      for (let i = first; (code[i]?.address ?? Infinity) < address + size; i++)
        instructions.push(code[i]!);
      return [{ name, address, size, instructions }];
    });
}

function instructionsOf(path: string): Instruction[] {
  return run('objdump', ['-d', '-w', path])
    .split('\n')
    .flatMap((line) => {
      const [, address, bytes, text] =
        /^\s*([0-9a-f]+):\t((?:[0-9a-f]{2} )+)\s*\t?(.*)$/.exec(line) ?? [];
      if (address === undefined || bytes === undefined || text === undefined) return [];
      return [
        {
          address: Number.parseInt(address, 16),
          bytes: bytes
            .trim()
            .split(' ')
            .map((each) => Number.parseInt(each, 16)),
          text: text.replace(/\s*#.*$/, '').trim(),
        },
      ];
    });
}
