import { parseArguments } from '../../src/cli/command-line.ts';
import { readLeak } from '../../src/cli/leak/parse.ts';
import type { LeakPrinter } from '../../src/cli/leak/printer.ts';
import type { LeakRequest } from '../../src/cli/leak/request.ts';
import { type LeakWorld, runLeak } from '../../src/cli/leak/run.ts';
import type { Output } from '../../src/cli/output.ts';
import type { LeakSessionRequest } from '../../src/sources/live/request.ts';
import { ScriptedSource } from './scripted-source.ts';

const requestOf = (...words: string[]): LeakRequest => {
  const parsed = parseArguments(['leak', ...words]);
  if (!('command' in parsed)) throw new Error('it would have printed');
  return readLeak(parsed.args);
};

/** Says one word per thing, so that a run reads as one line. */
export const printer: LeakPrinter = {
  opening: ({ target }) => `open:${target.kind}\n`,
  report: async ({ elapsed, ended }) => (ended ? 'last\n' : `report${elapsed}\n`),
  events: (events) => events.map(({ what }) => `${what}\n`).join(''),
  plan: () => 'plan\n',
};

/** Keeps what is written; `until(text)` resolves once it was. */
export class Page implements Output {
  text = '';
  /** Lines after which the reader is gone; Infinity. */
  readonly #lines: number;
  readonly #waiting: { readonly text: string; readonly found: () => void }[] = [];

  constructor(lines = Infinity) {
    this.#lines = lines;
  }

  get words(): string {
    return this.text.trim().split('\n').join(' ');
  }

  write = async (text: string): Promise<boolean> => {
    if (this.text.split('\n').length > this.#lines) return false;
    this.text += text;
    for (const { text: wanted, found } of this.#waiting) if (this.text.includes(wanted)) found();
    return true;
  };

  until = async (text: string): Promise<void> => {
    if (this.text.includes(text)) return;
    await new Promise<void>((found) => this.#waiting.push({ text, found }));
  };
}

/** Starts `memtrace leak WORDS` in a world of its own. */
export const start = (
  words: readonly string[],
  change: Partial<LeakWorld> & { source?: ScriptedSource; page?: Page } = {},
) => {
  const source = change.source ?? new ScriptedSource();
  const page = change.page ?? new Page();
  const stop = new AbortController();
  const opened: LeakSessionRequest[] = [];
  const done = runLeak(requestOf(...words), {
    openSource: async (request) => {
      opened.push(request);
      return source;
    },
    describePlan: async () => ({
      plans: [],
      tracepoints: [],
      link: 'multi',
      linkWhy: '',
      kernelMemory: 0,
    }),
    pidsByName: async () => [],
    output: page,
    printer,
    screen: null,
    stop: stop.signal,
    ...change,
  });
  return { done, source, page, stop, opened };
};
