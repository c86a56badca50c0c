import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

import { expect, test } from 'vitest';

const helper = path.join(import.meta.dirname, 'when-ended.ts');
const program = `
  import { writeSync } from 'node:fs';
  import { whenEnded } from ${JSON.stringify(helper)};
  for (const name of ['first', 'second']) whenEnded(() => writeSync(1, name + '\\n'));
  whenEnded(() => writeSync(1, 'taken back\\n'))();
  process.stderr.write('ready');
  setInterval(() => {}, 1000);
`;

test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a process that is told to end by %s cleans up, the last first',
  async (signal) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
    const written = text(child.stdout);
    await once(child.stderr, 'data');
    const closed = once(child, 'close');
    child.kill(signal);
    expect(await written).toBe('second\nfirst\n');
    expect(await closed).toEqual([1, null]);
  },
);
