import type { FileResidency, Refusal } from '../../../domain/file-residency.ts';
import { Failure } from '../../../errors/failure.ts';
import { mappedFiles, openFiles, type ProcessFile } from '../../../system/process-files.ts';
import type { Collected } from './collect.ts';
import { type Found, isFile, type Measurer } from './measure.ts';

/**
 * Adds the files that a process has open or mapped, each once, by the kernel's own links to them: it may have a mount namespace of its own,
 * and their names may be gone. `seen`: identities of files that need no second row. Errors: Failure `process-missing`, `target-unreadable`.
 */
export async function addProcess(
  pid: number,
  measurer: Measurer,
  collected: Collected,
  seen: Set<string> = new Set(),
): Promise<void> {
  const files = await readProcess(pid);
  collected.searched = true;
  const direct = await measurer.measure(files.map(({ link }) => link));
  // Links of mappings need CAP_CHECKPOINT_RESTORE; names do not, but may have been given to another file since.
  const forbidden = files.flatMap((file, index) =>
    isForbidden(direct[index]) && file.named !== null ? [{ index, path: file.named }] : [],
  );
  const byName = await measurer.measure(forbidden.map(({ path }) => path));
  for (const [at, { index }] of forbidden.entries()) {
    const found = byName[at];
    if (found !== undefined && isSame(found, files[index])) direct[index] = found;
  }
  for (const [index, found] of direct.entries()) {
    const file = files[index];
    if (file === undefined) continue;
    if (!isFile(found)) {
      if (found.kind === 'refused') addRefusal(found.refusal, file, collected);
    } else if (!seen.has(found.identity)) {
      seen.add(found.identity);
      collected.files.push({ ...found, path: nameOf(file, found) });
    }
  }
}

async function readProcess(pid: number): Promise<ProcessFile[]> {
  try {
    return [...(await openFiles(pid)), ...(await mappedFiles(pid))];
  } catch (error) {
    const { code = 'unknown', path } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') throw new Failure('process-missing', { pid });
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new Failure('target-unreadable', { pid, path: path ?? `/proc/${pid}/fd`, errno: code });
  }
}

const isForbidden = (found: Found | undefined): boolean =>
  found !== undefined &&
  !isFile(found) &&
  found.kind === 'refused' &&
  found.refusal.reason === 'unreadable';

// On overlayfs older kernels show the inode below it.
const isSame = (found: Found, file: ProcessFile | undefined): boolean =>
  isFile(found) && (found.identity.endsWith(`:${file?.inode}`) || found.fileSystem === 'overlayfs');

/** Devices, pipes and files of proc are open in every process, and have nothing to count. A link that vanished was closed. */
function addRefusal(
  refusal: Omit<Refusal, 'path' | 'named'>,
  { path }: ProcessFile,
  collected: Collected,
): void {
  if (refusal.reason === 'special' || refusal.reason === 'pseudo') collected.skippedSpecial++;
  else if (refusal.reason !== 'missing') {
    const seen = collected.refusals.some((each) => each.path === path);
    if (!seen) collected.refusals.push({ ...refusal, path, named: false });
  }
}

/** The kernel's ` (deleted)` is dropped where the file says so itself: a name may end so. */
const nameOf = ({ path }: ProcessFile, file: FileResidency) =>
  file.deleted ? path.replace(/ \(deleted\)$/, '') : path;
