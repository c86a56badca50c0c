import { readFile } from 'node:fs/promises';

/** Names by uid from the text of /etc/passwd; the first of several names counts. */
export function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name = '', , uid = ''] = line.split(':');
    if (name !== '' && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}

/** Names of the local users; empty where they cannot be read. */
export const readUsers = async (): Promise<ReadonlyMap<number, string>> =>
  parsePasswd(await readFile('/etc/passwd', 'utf8').catch(() => ''));
