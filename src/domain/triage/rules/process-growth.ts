import { timeFigure, timeWords } from '../figures.ts';
import { growers } from '../growers.ts';
import type { Rule } from '../rule.ts';
import { growth, oldEnoughMs } from './process-leak.ts';

const most = 2;

/** A young process that grows: compilers, start-ups, and leaks that have just begun. */
export const processGrowth: Rule = {
  code: 'process-growth',
  title: 'young process grows',
  mechanism: {
    text: 'Most programs grow while they start and while a batch job does its work, and give everything back when they end. In the first minutes that cannot be told from a leak by sizes alone: which blocks are old and were never freed can.',
    source: 'Documentation/filesystems/proc.rst (RssAnon)',
  },
  find: (history) =>
    growers(history)
      .flatMap((grower) =>
        grower.age !== null && grower.age < oldEnoughMs ? [{ grower, age: grower.age }] : [],
      )
      .slice(0, most)
      .map(({ grower, age }) => {
        const found = growth(grower);
        return {
          ...found,
          severity: 'note',
          sentence: `${found.sentence.slice(0, -1)}; it began ${timeWords(age)} ago, and may still be starting.`,
          figures: [...found.figures, timeFigure('age', age)],
          refutedBy: 'It ends, or levels off, by itself.',
        };
      }),
};
