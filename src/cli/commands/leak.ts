import type { Command } from '../command.ts';
import { leakOptions } from '../leak/options.ts';
import { readLeak } from '../leak/parse.ts';

export const leak: Command = {
  name: 'leak',
  summary: 'call stacks ranked by the memory they allocated and did not free',
  usage: [
    'leak [OPTIONS] [INTERVAL [COUNT]]',
    'leak [OPTIONS] [INTERVAL [COUNT]] -- COMMAND [ARGS]',
  ],
  options: Object.values(leakOptions),
  examples: [
    {
      line: 'memtrace leak -p 4121',
      does: 'live screen; q or Ctrl-C detaches and prints the report',
    },
    {
      line: 'memtrace leak -p 4121 -p 4122 5 12',
      does: 'two processes, a report every 5 s, twelve of them',
    },
    {
      line: "memtrace leak -c './app 30000' -T 1 1 2",
      does: 'start a program, two reports of its largest stack',
    },
    {
      line: 'memtrace leak --name redis-server --duration 30s --format json',
      does: 'NDJSON for 30 s',
    },
    { line: 'memtrace leak -p 4121 -a -o 60000', does: 'the single blocks older than a minute' },
    { line: 'memtrace leak 10', does: "the kernel's own allocations, every 10 s" },
  ],
  notes: [
    'INTERVAL is in seconds (5 in text, 1 on the screen), COUNT the number of reports. The run also ends when the target ends, after --duration, and on Ctrl-C: with a last, full report.',
    'On a terminal a live screen is drawn, unless there is a COUNT, a command (which has the terminal then), --trace, --plain or --format json.',
    'memtrace never stops or signals a target. A command that it started and that still runs when memtrace ends goes on, untraced (Ctrl-C reaches it too, from the terminal). Only memory allocated since attaching is seen.',
    'Exit: 0 done · 1 something was lost and --strict was given · 64 usage · 66 no such target · 69 the kernel cannot · 70 bug · 77 no privilege',
  ],
  prepare: (args) => {
    const request = readLeak(args);
    return async (context) => {
      const { leakCommand } = await import('../leak/command.ts');
      return await leakCommand(request, context);
    };
  },
};
