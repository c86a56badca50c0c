import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

import { download, Unreachable } from './download.ts';
import { once } from './once.ts';
import type { Package } from './package-index.ts';
import { releaseText, sumOf } from './release-file.ts';
import { output } from './tool.ts';

/** A suite of a Debian archive. */
export interface Suite {
  readonly archive: 'debian' | 'debian-security';
  readonly suite: string;
}

const indexLifeMs = 24 * 3600 * 1000;

/** What is kept outside of the checkout. */
export const kept = path.join(
  process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
  'memtrace',
);
export const cache = path.join(kept, 'kernels');

/** Lends a folder beside what is kept, from which files can be moved there; others may do the same meanwhile. */
export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, '.scratch-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The suite's index; one of yesterday will do, and an older one where the archive is out of reach. Throws Unreachable. */
export const packageIndex = (suite: Suite, architecture = 'amd64'): Promise<string> =>
  readIndex(suite, architecture);

const readIndex = once(
  ({ suite }: Suite, architecture: string) => `${suite} ${architecture}`,
  async (from: Suite, architecture: string) => {
    const foreign = architecture === 'amd64' ? '' : `.${architecture}`;
    const file = path.join(cache, `${from.suite}${foreign}.packages.xz`);
    const born = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if (Date.now() - born > indexLifeMs) {
      await fetchIndex(from, `main/binary-${architecture}`, file).catch((error: unknown) => {
        if (born === 0 || !(error instanceof Unreachable)) throw error;
      });
    }
    return (await output('xz', '-dc', file)).toString('utf8');
  },
);

/** By its sum, as the name may be of a newer one meanwhile. */
const fetchIndex = ({ archive, suite }: Suite, folder: string, to: string): Promise<void> =>
  inScratch(async (scratch) => {
    const at = `${archive}/dists/${suite}`;
    const release = path.join(scratch, 'InRelease');
    await download(`${at}/InRelease`, release);
    const sum = sumOf(await releaseText(release), `${folder}/Packages.xz`);
    const partial = path.join(scratch, 'Packages.xz');
    await fetchChecked(`${at}/${folder}/by-hash/SHA256/${sum}`, partial, sum);
    await rename(partial, to);
  });

/** Downloads a package of the suite, and looks whether it is the one that the index tells of. Throws Unreachable. */
export const fetchPackage = (
  { archive }: Suite,
  { file, sha256 }: Package,
  to: string,
): Promise<void> => fetchChecked(`${archive}/${file}`, to, sha256);

async function fetchChecked(from: string, to: string, expected: string): Promise<void> {
  await download(from, to);
  const sum = createHash('sha256')
    .update(await readFile(to))
    .digest('hex');
  if (sum !== expected) throw new Error(`${from}: sha256 is ${sum}, not ${expected}`);
}
