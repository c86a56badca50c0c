import type { Command } from '../command.ts';
import { fileOptions } from '../file/options.ts';
import { readFileCommand } from '../file/request.ts';

export const file: Command = {
  name: 'file',
  summary: 'how much of these files the page cache holds',
  usage: ['file [OPTIONS] PATH…', 'file [OPTIONS] -p PID'],
  options: Object.values(fileOptions),
  examples: [
    {
      line: 'memtrace file /var/lib/mysql',
      does: 'its files, those with most cached pages first, and their total',
    },
    { line: 'memtrace file -p 4121', does: 'the files that a process has open or mapped' },
    {
      line: "memtrace file --sort size '/var/log/**/*.log'",
      does: 'a pattern: also where the shell expands none',
    },
    { line: 'memtrace file --pps core.img', does: 'which pages, as ranges' },
    { line: 'memtrace file --format json /srv | jq .percent', does: 'one object a line' },
  ],
  notes: [
    'Directories are searched with all below them. Symbolic links are followed where they are named, and with -L everywhere. Only regular files are opened, never devices or FIFOs, and nothing is read. A file with several names is counted once in the total.',
    'Dirty, writeback, evicted (gone from the cache and remembered by the kernel; swapped out, on tmpfs) and recently evicted pages are told by cachestat(2), Linux 6.5 and newer. On overlayfs and where it fails, mincore(2) tells the resident pages only, and those columns have `-`. Names stand after -- where they begin with a dash.',
    'Exit: 0 done, also where a file inside a directory could not be measured (it is named; --strict: 1) · 64 usage · 66 a path or a process is not there · 69 the kernel cannot · 70 bug · 77 no privilege',
  ],
  prepare: (args) => {
    const request = readFileCommand(args);
    return async (context) => {
      const { fileCommand } = await import('../file/command.ts');
      return await fileCommand(request, context);
    };
  },
};
