import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const cache = path.resolve(import.meta.dirname, '../../node_modules/.cache/memtrace-targets');

/**
 * The path of what a compiler made of a source given as text, made if it was not before. `command` has the compiler and its
 * flags; `extension` is the source's. Throws where it does not compile.
 */
export function compile(source: string, extension: string, command: readonly string[]): string {
  const [compiler = '', ...flags] = command;
  const hash = createHash('sha256')
    .update(JSON.stringify([source, command]))
    .digest('hex');
  const folder = path.join(cache, hash.slice(0, 12));
  const built = path.join(folder, 'program');
  if (existsSync(built)) return built;
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `program.${extension}`);
  writeFileSync(file, source);
  // Built beside and renamed, for two test files may want the same program at once.
  const unfinished = `${built}.${process.pid}`;
  execFileSync(compiler, [...flags, '-o', unfinished, file], { stdio: 'pipe' });
  renameSync(unfinished, built);
  return built;
}

/** Functions in assembly (x86-64, Intel syntax), each with type and size, as a shared object. */
export function assemble(functions: Readonly<Record<string, string>>): string {
  const text = Object.entries(functions)
    .map(
      ([name, body]) =>
        `.globl ${name}\n.type ${name}, @function\n.p2align 4\n${name}:\n${body}\n.size ${name}, . - ${name}\n`,
    )
    .join('\n');
  const source = `.intel_syntax noprefix\n.text\n${text}\n.section .note.GNU-stack,"",@progbits\n`;
  return compile(source, 's', ['gcc', '-shared', '-nostdlib']);
}
