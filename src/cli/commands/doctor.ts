import type { Command } from '../command.ts';
import { doctorOptions } from '../doctor/options.ts';
import { readDoctor } from '../doctor/request.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'what this kernel and these privileges allow, and what mends the rest',
  usage: ['doctor [OPTIONS]'],
  options: Object.values(doctorOptions),
  examples: [
    { line: 'sudo memtrace doctor', does: 'try each kind of probe here' },
    {
      line: 'sudo memtrace doctor --selftest',
      does: 'also whether the hit ratios of memtrace cache are right here',
    },
    {
      line: 'sudo memtrace doctor -p 4121',
      does: 'also whether this process can be traced, and how well',
    },
  ],
  notes: [
    'Nothing is attached to the process; probes are tried on memtrace itself.',
    'Exit: 0 leak can run (and --selftest measured what was known) · 69 the kernel cannot · 77 no privilege · 66 the process cannot be traced · 64 usage',
  ],
  prepare: (args) => {
    const request = readDoctor(args);
    return async (context) => {
      const { runDoctor } = await import('../doctor/run.ts');
      return await runDoctor(request, context);
    };
  },
};
