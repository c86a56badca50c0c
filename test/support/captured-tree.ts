import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TriageHistory } from '../../src/domain/triage/history.ts';
import { openTriageSession } from '../../src/sources/live/triage-session.ts';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/proc');

/** Names of the captured and hand-made trees. */
export const treeNames: readonly string[] = readdirSync(fixtures)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => name.slice(0, -4));

/** Texts of files by their paths; `moves` is none of them. */
export interface Tree {
  readonly files: ReadonlyMap<string, string>;
  readonly moves: readonly Move[];
}

interface Move {
  readonly file: string;
  readonly line: string;
  readonly by: number;
}

export function readTree(name: string): Tree {
  const text = readFileSync(path.join(fixtures, `${name}.txt`), 'utf8');
  const [head = '', ...parts] = text.split(/^==> (.*) <==\n/m);
  const own = new Map<string, string>();
  for (let i = 0; i < parts.length; i += 2) own.set(parts[i] ?? '', parts[i + 1] ?? '');
  const moves = [...(own.get('moves') ?? '').matchAll(/^(.+)\t(.+)\t(.+)$/gm)];
  own.delete('moves');
  const base = /^# base: (.*)$/m.exec(head)?.[1];
  const gone = Array.from(head.matchAll(/^# gone: (.*)$/gm), ([, prefix = '']) => prefix);
  const inherited = base === undefined ? [] : [...readTree(base).files];
  return {
    files: new Map([
      ...inherited.filter(([file]) => !gone.some((prefix) => file.startsWith(prefix))),
      ...own,
    ]),
    moves: moves.map(([, file = '', line = '', by]) => ({ file, line, by: Number(by) })),
  };
}

/** A tree as files, to be read and changed. */
export class UnpackedTree {
  readonly #tree: Tree;
  readonly #root = mkdtempSync(path.join(tmpdir(), 'memtrace-tree-'));

  constructor(tree: Tree) {
    this.#tree = tree;
    for (const [file, text] of tree.files) this.write(file, text);
  }

  /** null: the file is gone. */
  write(file: string, text: string | null): void {
    const to = path.join(this.#root, file);
    if (text === null) {
      rmSync(to);
      return;
    }
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, text);
  }

  /** What a session saw in so many seconds of the machine, which moves as its tree says. */
  async watch(seconds: number, pids: readonly number[] = []): Promise<TriageHistory> {
    let now = 0;
    const source = await openTriageSession({ root: this.#root, pids, now: () => now });
    const history = new TriageHistory();
    for (let second = 0; second <= seconds; second++) {
      now = second * 1000;
      for (const [file, text] of moved(this.#tree, second)) this.write(file, text);
      history.add(await source.snapshot());
    }
    await source.close();
    return history;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true });
  }
}

/** What a session saw in ten seconds of a machine that is this tree. */
export async function watchTree(tree: Tree): Promise<TriageHistory> {
  const unpacked = new UnpackedTree(tree);
  try {
    return await unpacked.watch(10);
  } finally {
    unpacked.remove();
  }
}

function moved({ files, moves }: Tree, second: number): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (const { file, line, by } of moves) {
    const text = changed.get(file) ?? files.get(file);
    if (text !== undefined) changed.set(file, withMore(text, line, by * second));
  }
  return changed;
}

/** The text with a number of it raised: the first of a line, or the Nth of all. */
function withMore(text: string, line: string, by: number): string {
  const raised = (number: string) => String(Number(number) + by);
  if (line.startsWith('#')) {
    let left = Number(line.slice(1));
    return text.replaceAll(/\d+(\.\d+)?/g, (number) => (left-- === 0 ? raised(number) : number));
  }
  return text.replace(
    new RegExp(`^(${line}:?\\s+)(\\d+)`, 'm'),
    (_, head: string, number: string) => head + raised(number),
  );
}
