import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** A hash of every byte of code that a process has mapped from files: a probe that is in place changes it. */
export function textBytes(pid: number): string {
  const hash = createHash('sha256');
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, start, end] = /^([0-9a-f]+)-([0-9a-f]+) r-xp .* \//.exec(line) ?? [];
      if (start === undefined || end === undefined) continue;
      const from = Number.parseInt(start, 16);
      const code = Buffer.alloc(Number.parseInt(end, 16) - from);
      readSync(memory, code, 0, code.length, from);
      hash.update(line).update(code);
    }
  } finally {
    closeSync(memory);
  }
  return hash.digest('hex');
}
