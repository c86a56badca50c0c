import type { OptionRow } from './option.ts';

/** The heading of the options of how a run goes. */
export const runGroup = 'How long, and where to';

/** Options of every command that reports until it is ended; `choices`: its formats. */
export const runOptions = <const Choices extends readonly string[]>(choices: Choices) =>
  ({
    duration: {
      name: 'duration',
      value: 'TIME',
      example: '2m',
      group: runGroup,
      help: 'end with a last report after TIME: 15, 15s, 2m, 1h',
    },
    format: {
      name: 'format',
      value: 'FORMAT',
      example: 'json',
      choices,
      group: runGroup,
      help: 'text, or json: one object a line (text)',
    },
    plain: {
      name: 'plain',
      group: runGroup,
      help: 'lines of text also on a terminal, not the screen',
    },
    strict: { name: 'strict', group: runGroup, help: 'exit 1 if anything was lost' },
  }) as const satisfies Record<string, OptionRow>;
