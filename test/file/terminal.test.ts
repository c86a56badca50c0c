import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, expect, test } from 'vitest';

import { command } from '../support/memtrace.ts';
import { requires } from '../support/require.ts';
import { hasTmux, Terminal } from '../support/terminal.ts';

let terminal: Terminal | undefined;
let folder = '';
afterEach(() => {
  terminal?.close();
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(!requires('tmux', hasTmux(), 'it is not installed'))(
  'on a terminal of 80 by 24 a search shows its largest files, and all of it fits',
  async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'memtrace-terminal-'));
    const deep = path.join(folder, 'with/a/rather/long/path/below');
    mkdirSync(deep, { recursive: true });
    for (let pages = 1; pages <= 40; pages++) {
      const name = `some-file-with-a-long-name-${pages}`;
      const at = path.join(pages % 2 === 0 ? deep : folder, name);
      writeFileSync(at, Buffer.alloc(pages * 4096, 1));
    }
    terminal = new Terminal(80, 24);
    terminal.run(`${command} file ${folder}`);
    const lines = await terminal.until((screen) => /^# measured/m.test(screen));
    expect(lines.filter((line) => /long-name-\d+ .*\[█+\]$/.test(line))).toHaveLength(15);
    expect(lines.find((line) => line.includes('long-name-40'))).toContain('160K');
    expect(lines).toContain(`# in ${folder}/`);
    expect(lines).toContain('# 25 more rows not shown: --top 0');
    expect(lines).toContain('# total: 40 files, 3.20M, 820 of 820 pages cached (3.20M, 100.0%)');
  },
);
