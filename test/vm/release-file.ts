import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { output } from './tool.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The text of a suite's InRelease; checked where this host has gpgv and Debian's keys. */
export async function releaseText(file: string): Promise<string> {
  if (!existsSync('/usr/bin/gpgv') || !existsSync(keyring)) return readFile(file, 'utf8');
  return (await output('gpgv', '--keyring', keyring, '--output', '-', file)).toString('utf8');
}

/** The SHA-256 that a release has for a file below the suite. */
export function sumOf(release: string, file: string): string {
  const line = release
    .split('\n')
    .find((each) => /^ [0-9a-f]{64} /.test(each) && each.endsWith(` ${file}`));
  const [, sum] = line?.split(' ') ?? [];
  if (sum === undefined) throw new Error(`the suite has no ${file}`);
  return sum;
}
