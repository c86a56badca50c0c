import { type Dirent, promises } from 'node:fs';
import type { BytePath } from '../domain/byte-path.ts';

const magic = /[*?[]/;

export const isPattern = (path: BytePath): boolean => magic.test(path);

/**
 * Paths that match a pattern, sorted: `*`, `?`, `[a-z]`, `[!a-z]`, and `**` for any number of directories. As in a shell, a leading dot
 * must be written, and `**` follows no symbolic links. Directories that cannot be read match nothing.
 */
export async function expandGlob(pattern: BytePath): Promise<BytePath[]> {
  const isAbsolute = pattern.startsWith('/');
  const segments = pattern.split('/').filter((segment) => segment !== '');
  let found: string[] = [isAbsolute ? '/' : ''];
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const next: string[] = [];
    for (const base of found) next.push(...(await step(base, segment, isLast)));
    found = [...new Set(next)];
  }
  return found.sort();
}

async function step(base: string, segment: string, isLast: boolean): Promise<string[]> {
  if (segment === '**') {
    const below = await directoriesBelow(base);
    return isLast ? below.filter((path) => path !== '') : below;
  }
  if (!magic.test(segment))
    return (await exists(base + segment)) ? [joined(base, segment, isLast)] : [];
  const matches = matcherOf(segment);
  const entries = await entriesOf(base);
  return entries
    .map(({ name }) => name)
    .filter(matches)
    .map((name) => joined(base, name, isLast));
}

async function directoriesBelow(base: string): Promise<string[]> {
  const all = [base];
  for (const { name, entry } of await entriesOf(base)) {
    if (entry.isDirectory() && !name.startsWith('.'))
      all.push(...(await directoriesBelow(joined(base, name, false))));
  }
  return all;
}

const joined = (base: string, name: string, isLast: boolean): string =>
  isLast ? base + name : `${base}${name}/`;

const exists = (path: string): Promise<boolean> =>
  promises.lstat(Buffer.from(path, 'latin1')).then(
    () => true,
    () => false,
  );

async function entriesOf(base: string): Promise<{ name: string; entry: Dirent<Buffer> }[]> {
  const path = Buffer.from(base === '' ? '.' : base, 'latin1');
  const entries = await promises
    .readdir(path, { encoding: 'buffer', withFileTypes: true })
    .catch(() => []);
  return entries.map((entry) => ({ name: entry.name.toString('latin1'), entry }));
}

/** One segment as a test of names; a set without its closing bracket stands for itself. */
function matcherOf(segment: string): (name: string) => boolean {
  let source = segment.startsWith('.') ? '' : '(?!\\.)';
  for (let at = 0; at < segment.length; at++) {
    const character = segment[at] ?? '';
    const set = character === '[' ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(segment.slice(at)) : null;
    if (character === '*') source += '[^]*';
    // A character beyond ASCII is several bytes.
    else if (character === '?')
      source += '(?:[\\x00-\\x7f]|[\\xc2-\\xf4][\\x80-\\xbf]+|[\\x80-\\xff])';
    else if (set) {
      source += `[${set[1] === '' ? '' : '^'}${(set[2] ?? '').replaceAll(/[\\\]^[]/g, '\\$&')}]`;
      at += set[0].length - 1;
    } else source += character.replaceAll(/[$()*+.?[\\\]^{|}/]/g, '\\$&');
  }
  try {
    const pattern = new RegExp(`^${source}$`);
    return (name) => pattern.test(name);
  } catch {
    // A range such as [z-a].
    return (name) => name === segment;
  }
}
