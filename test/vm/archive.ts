import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

import type { Package } from './package-index.ts';
import { output } from './tool.ts';

/** A suite of a Debian archive. */
export interface Suite {
  readonly archive: 'debian' | 'debian-security';
  readonly suite: string;
}

/** Thrown where what is to be tested cannot be had here, such as a kernel of an archive out of reach, rather than is broken. */
export class Unreachable extends Error {}

const mirror = process.env['MEMTRACE_DEBIAN_MIRROR'] ?? 'http://deb.debian.org';
const indexLifeMs = 24 * 3600 * 1000;

/** What is kept outside of the checkout. */
export const kept = path.join(
  process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
  'memtrace',
);
export const cache = path.join(kept, 'kernels');

/** The suite's index; one of yesterday will do, and an older one where the archive is out of reach. */
export async function packageIndex(
  { archive, suite }: Suite,
  architecture = 'amd64',
): Promise<string> {
  await mkdir(cache, { recursive: true });
  const foreign = architecture === 'amd64' ? '' : `.${architecture}`;
  const file = path.join(cache, `${suite}${foreign}.packages.xz`);
  const born = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (Date.now() - born > indexLifeMs) {
    const url = `${archive}/dists/${suite}/main/binary-${architecture}/Packages.xz`;
    await download(url, file).catch((error: unknown) => {
      if (born === 0) throw error;
    });
  }
  return (await output('xz', '-dc', file)).toString('utf8');
}

/** Downloads a package of the suite, and looks whether it is the one that the index tells of. */
export async function fetchPackage(
  { archive }: Suite,
  { file, sha256 }: Package,
  to: string,
): Promise<void> {
  await download(`${archive}/${file}`, to);
  const sum = createHash('sha256')
    .update(await readFile(to))
    .digest('hex');
  if (sum !== sha256) throw new Error(`${to}: sha256 is ${sum}, not ${sha256}`);
}

async function download(from: string, file: string): Promise<void> {
  const url = `${mirror}/${from}`;
  const partial = `${file}.${process.pid}`;
  await output('curl', '-fsSL', '--retry', '3', '-o', partial, url).catch((error: unknown) => {
    throw new Unreachable(`${url} cannot be fetched`, { cause: error });
  });
  await rename(partial, file);
}
