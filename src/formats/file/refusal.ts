import type { Refusal } from '../../domain/file-residency.ts';
import { pathText } from '../../domain/byte-path.ts';
import { Failure } from '../../errors/failure.ts';
import { printable } from '../../view/printable.ts';

/** The failure that a refusal is where the user named the path. */
export function failureOf({ path, reason, errno, what }: Refusal): Failure {
  const shown = printable(pathText(path));
  switch (reason) {
    case 'missing':
      return new Failure('file-missing', { path: shown });
    case 'unreadable':
      return new Failure('file-unreadable', { path: shown, errno });
    case 'special':
      return new Failure('file-special', { path: shown, what });
    case 'pseudo':
      return new Failure('file-pseudo', { path: shown });
    case 'hidden':
      return new Failure('file-hidden', { path: shown });
    case 'untold':
      return new Failure('file-untold', { path: shown, fileSystem: what });
    case 'failed':
      return new Failure('file-failed', { path: shown, errno });
  }
}
