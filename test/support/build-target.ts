import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';

const sources = path.resolve(import.meta.dirname, '../targets');
const cache = path.resolve(import.meta.dirname, '../../node_modules/.cache/memtrace-targets');

const c = ['-std=gnu17', '-Wall', '-O1', '-g', '-pthread', '-fno-builtin'];
const framed = [...c, '-fno-omit-frame-pointer'];

/** The ways a truth program is built: a compiler and its flags each. */
const variants = {
  'dynamic': ['gcc', ...framed],
  'static': ['gcc', ...framed, '-static'],
  'stripped': ['gcc', ...framed, '-s'],
  'static-stripped': ['gcc', ...framed, '-static', '-s'],
  'frameless': ['gcc', ...c, '-O2', '-fomit-frame-pointer'],
  'signed': ['gcc', ...framed, '-mbranch-protection=standard'],
  'no-pie': ['gcc', ...framed, '-no-pie', '-fcf-protection=none'],
  'musl': ['musl-gcc', ...framed],
  'musl-static': ['musl-gcc', ...framed, '-static'],
  'shared': ['gcc', ...framed, '-shared', '-fPIC'],
  'bare': ['gcc', '-O1', '-nostdlib', '-static', '-fno-stack-protector'],
  'bare-32': ['gcc', '-m32', '-O1', '-nostdlib', '-static', '-fno-stack-protector'],
  'cxx': ['g++', '-std=c++17', '-Wall', '-O1', '-g', '-fno-omit-frame-pointer'],
  'cxx-own-runtime': ['g++', '-std=c++17', '-Wall', '-O1', '-g', '-static-libstdc++'],
  'rust': ['rustc', '--edition', '2021', '-O', '-g', '-Cforce-frame-pointers=yes'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type Variant = keyof typeof variants;

function versionOf(compiler: string): string | null {
  try {
    return execFileSync(compiler, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    // musl-gcc has no --version of its own on some systems, but runs.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : '';
  }
}

/** The hash of everything that decides what the program is: the compiler, its flags and every source of the folder. */
function digest(source: string, command: readonly string[], version: string): string {
  const hash = createHash('sha256').update(JSON.stringify([source, command, version]));
  for (const name of readdirSync(sources).filter(
    (file) => file === source || file.endsWith('.h'),
  )) {
    hash.update(readFileSync(path.join(sources, name)));
  }
  return hash.digest('hex').slice(0, 12);
}

/**
 * The path of test/targets/`source` built as `variant`, compiled if it was not before; null where the compiler is not
 * there or cannot build it (no 32-bit or musl support). A source that does not compile where it should throws.
 */
export function buildTarget(source: string, variant: Variant): string | null {
  const [compiler, ...flags] = variants[variant];
  const version = versionOf(compiler);
  if (version === null) return null;
  const name = path.parse(source).name;
  const folder = path.join(cache, `${digest(source, variants[variant], version)}-${variant}`);
  const built = path.join(folder, name);
  if (existsSync(built)) return built;
  mkdirSync(folder, { recursive: true });
  // Built beside and renamed, for two test files may want the same target at once.
  const unfinished = `${built}.${process.pid}`;
  try {
    execFileSync(compiler, [...flags, '-o', unfinished, path.join(sources, source)], {
      stdio: 'pipe',
    });
  } catch (error) {
    if (variant === 'bare-32' || variant.startsWith('musl')) return null;
    throw error;
  }
  renameSync(unfinished, built);
  return built;
}
