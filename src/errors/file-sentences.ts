import type { FailureCode } from './failure.ts';
import { type Entry, exitCodes, named } from './sentence.ts';

type FileCode = Extract<FailureCode, `file-${string}` | 'files-left-out'>;

/** What `memtrace file` says of paths that it cannot measure. */
export const fileSentences: { readonly [Code in FileCode]: Entry<Code> } = {
  'file-missing': {
    exitCode: exitCodes.noTarget,
    message: ({ path }) => `there is no file '${path}'`,
    remedy: () => 'check the path: it is taken relative to the current directory',
  },
  'file-unreadable': {
    exitCode: exitCodes.noPrivilege,
    message: ({ path, errno }) => `'${path}' cannot be opened (${named(`${errno}`)})`,
    remedy: () => 'run it with sudo, or as the owner of the file',
  },
  'file-special': {
    exitCode: exitCodes.noTarget,
    message: ({ path, what }) => `'${path}' is a ${what}, which memtrace does not open`,
    remedy: ({ what }) =>
      what === 'block device'
        ? 'see Buffers in /proc/meminfo: the cached pages of all block devices'
        : 'give regular files or directories',
  },
  'file-pseudo': {
    exitCode: exitCodes.noTarget,
    message: ({ path }) => `'${path}' is made up by the kernel and is not in the page cache`,
    remedy: () => 'give files or directories of a disk, of a network or of tmpfs',
  },
  'file-hidden': {
    exitCode: exitCodes.noPrivilege,
    message: ({ path }) =>
      `the kernel shows what is cached of '${path}' only to its owner and to those who may write it`,
    remedy: () => 'run it with sudo, or as the owner of the file',
  },
  'file-untold': {
    exitCode: exitCodes.kernelCannot,
    message: ({ path, fileSystem }) =>
      `no system call tells what is resident of '${path}' (${fileSystem})`,
    remedy: ({ fileSystem }) =>
      fileSystem === 'hugetlbfs'
        ? 'see HugePages in /proc/meminfo: huge pages are never evicted'
        : 'see what this kernel allows with: memtrace doctor',
  },
  'file-failed': {
    exitCode: exitCodes.kernelCannot,
    message: ({ path, errno }) => `'${path}' could not be looked at (${named(`${errno}`)})`,
    remedy: () => 'try the path itself: head -c 1 PATH; dmesg tells errors of the disk',
  },
  'files-left-out': {
    exitCode: exitCodes.limitExceeded,
    message: ({ count }) =>
      `${count === 1 ? 'one file' : `${count} files`} could not be measured, and --strict asks for all`,
    remedy: () => 'run it with sudo, or leave those files out',
  },
};
