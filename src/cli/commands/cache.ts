import { cacheOptions } from '../cache/options.ts';
import { readCache } from '../cache/parse.ts';
import { readTop } from '../cache/top-request.ts';
import type { Command } from '../command.ts';

export const cache: Command = {
  name: 'cache',
  summary: 'page-cache hits and misses of the system, of processes, files and cgroups',
  usage: ['cache [OPTIONS] [INTERVAL [COUNT]]', 'cache --top [--by cgroup] [N]'],
  options: Object.values(cacheOptions),
  examples: [
    {
      line: 'sudo memtrace cache',
      does: 'live screen; q or Ctrl-C detaches and prints the report',
    },
    { line: 'sudo memtrace cache -T 1 10', does: 'as cachestat: a line a second, ten of them' },
    { line: 'sudo memtrace cache --by process 5', does: 'as cachetop: a table every 5 s' },
    {
      line: 'sudo memtrace cache --by file --sort evicted -p 4121',
      does: 'which files of a process are evicted, and come back',
    },
    {
      line: 'sudo memtrace cache --file /var/lib/mysql --duration 30s --format json',
      does: 'NDJSON of what happens to the files of a directory',
    },
    {
      line: 'sudo memtrace cache --top 30',
      does: 'which files fill the page cache now, also closed and deleted ones',
    },
    { line: 'memtrace cache --explain', does: 'what each figure means' },
  ],
  notes: [
    'INTERVAL is in seconds (1), COUNT the number of reports. The run also ends after --duration, on Ctrl-C, and when all processes of --pid have exited: with a last report of the whole session.',
    'Counts are pages (of 4 KiB on most machines), whatever the size of the calls and of folios. MISSES are all accessed pages that storage was read for: those read ahead, too. A dash stands for what there was none of, or what the mode cannot see.',
    "--top needs no time to watch: it goes through all inodes in the kernel's memory once, and says how much of the page cache it found. Sizes are bytes in the cache, as htop prints them. DIRTY is a dash where it cannot be asked for without risk, such as on network file systems.",
    'Exit: 0 done · 1 something was lost and --strict was given · 64 usage · 66 no such process · 69 the kernel cannot · 70 bug · 77 no privilege',
  ],
  prepare: (args) => {
    if (args.options.has(cacheOptions.top.name)) {
      const top = readTop(args);
      return async (context) => {
        const { runTop } = await import('../cache/top.ts');
        return await runTop(top, context);
      };
    }
    const request = readCache(args);
    return async (context) => {
      const { cacheCommand } = await import('../cache/command.ts');
      return await cacheCommand(request, context);
    };
  },
};
