import { readFileSync } from 'node:fs';
import path from 'node:path';

import { ModuleCache } from '../../src/symbols/module-cache.ts';
import { ProcessSymbols } from '../../src/symbols/process-symbols.ts';
import { readMaps } from '../../src/system/maps.ts';
import { compile } from '../support/compile.ts';
import { Target } from '../support/run-target.ts';

const source = readFileSync(path.resolve(import.meta.dirname, '../targets/names.c'), 'utf8');
const framed = ['-O1', '-Wall', '-fno-omit-frame-pointer', '-fasynchronous-unwind-tables'];

/** The path of test/targets/names.c, built with these flags. */
export const buildNames = (compiler = 'gcc', flags: readonly string[] = ['-g']): string =>
  compile(source, 'c', [compiler, ...framed, ...flags]);

/** A call on the stack of the program, as it says itself. */
export interface Call {
  readonly address: bigint;
  /** Bytes past the beginning of the function that calls. */
  readonly offset: number;
  readonly line: number;
}

/** The program at its work, its calls, innermost first, and the names that are under test. */
export class Names {
  readonly target: Target;
  readonly calls: readonly Call[];
  /** Lines of the calls that were inlined into the innermost one, innermost first. */
  readonly inlinedLines: readonly number[];
  readonly symbols: ProcessSymbols;
  readonly #modules: ModuleCache;

  private constructor(
    target: Target,
    calls: readonly Call[],
    inlinedLines: readonly number[],
    modules: ModuleCache,
  ) {
    this.target = target;
    this.calls = calls;
    this.inlinedLines = inlinedLines;
    this.#modules = modules;
    this.symbols = new ProcessSymbols(target.pid, modules);
  }

  static async start(command: readonly string[]): Promise<Names> {
    const target = await Target.start(command);
    const calls: Call[] = [];
    for (let i = 0; i < 4; i++) {
      const [address = '', begin = '', line] = (await target.line('call')).split(' ');
      calls.push({
        address: BigInt(`0x${address}`),
        offset: Number(BigInt(`0x${address}`) - BigInt(`0x${begin}`)),
        line: Number(line),
      });
    }
    const inlined = (await target.line('inlined')).split(' ').map(Number);
    const names = new Names(target, calls, inlined, new ModuleCache());
    names.symbols.update(await readMaps(target.pid));
    return names;
  }

  get addresses(): readonly bigint[] {
    return this.calls.map(({ address }) => address);
  }

  close(): void {
    this.target.kill();
    this.symbols.close();
    this.#modules.close();
  }
}
