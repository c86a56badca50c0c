import type { OptionRow } from '../option.ts';

export const doctorFormats = ['text', 'json'] as const;

/** The options of `memtrace doctor`. */
export const doctorOptions = {
  pid: {
    name: 'pid',
    short: 'p',
    value: 'PID',
    example: '4121',
    repeatable: true,
    group: 'What is looked at',
    help: 'also these processes: repeat it, or give a comma list',
  },
  selftest: {
    name: 'selftest',
    group: 'What is looked at',
    help: 'also measure cold and warm reads of a file of our own, whose hit ratios are known',
  },
  format: {
    name: 'format',
    value: 'FORMAT',
    example: 'json',
    choices: doctorFormats,
    group: 'What is looked at',
    help: 'text, or json: one object (text)',
  },
} as const satisfies Record<string, OptionRow>;
