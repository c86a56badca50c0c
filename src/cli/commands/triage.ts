import type { Command } from '../command.ts';
import { triageOptions } from '../triage/options.ts';
import { readTriage } from '../triage/parse.ts';

export const triage: Command = {
  name: 'triage',
  summary: "what is wrong with this machine's memory, and what to run next",
  usage: ['[triage] [OPTIONS]'],
  options: Object.values(triageOptions),
  examples: [
    { line: 'sudo memtrace', does: 'the verdict, its evidence, and the exact next command' },
    { line: 'memtrace triage --plain --duration 30s', does: 'text, after watching for 30 s' },
    {
      line: 'memtrace triage -p 4121',
      does: 'also heap, stacks, files and shared memory of a process, and which of them grows',
    },
    {
      line: 'memtrace triage --strict --format json || alert',
      does: 'for scripts: exit 1 at a warning, 2 at a critical verdict',
    },
    { line: 'memtrace triage --explain', does: 'what each verdict means, and how it comes about' },
  ],
  notes: [
    'Reads /proc and /sys only: no BPF, nothing is attached, nothing of any process is changed. Without root it works with what is visible then, and says what is not.',
    'On a terminal it is a live screen: verdicts first, then processes. Enter runs the command that is proposed for one inside the screen, Esc comes back, i says why, q ends and prints what was found.',
    'Several verdicts can hold; the worst is first. Each says on which figures it rests, what would show that it is wrong, and what to run next. Growth is the median of the slopes between all looks, so that single jumps do not make an alarm. A run needs about 5 s before it can tell that something grows.',
    'Exit: 0 done · 1 a warning and 2 a critical verdict, where --strict was given · 64 usage · 66 no such process · 70 bug',
  ],
  prepare: (args) => {
    const request = readTriage(args);
    return async (context) => {
      const { triageCommand } = await import('../triage/command.ts');
      return await triageCommand(request, context);
    };
  },
};
