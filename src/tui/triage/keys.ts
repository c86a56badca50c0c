import { type Binding, is, movingKeys, rowKeys, runningKeys, sortingKeys } from '../keymap.ts';
import type { TriageMessage } from './state.ts';

const [, ...otherRowKeys] = rowKeys('', 'process, pid or verdict');

export const triageBindings: readonly Binding<TriageMessage>[] = [
  {
    keys: 'Enter',
    does: 'run what is proposed for the verdict or process, here; Esc comes back',
    matches: (_, key) => key.return,
    message: { type: 'ran' },
  },
  {
    keys: 'i c',
    does: 'why: figures, what would refute it, how it comes about',
    matches: is('i', 'c'),
    message: { type: 'opened' },
  },
  {
    keys: 'Tab',
    does: 'to the processes, and to the verdicts',
    matches: (_, key) => key.tab && !key.shift,
    message: { type: 'tabbed' },
  },
  ...movingKeys,
  ...otherRowKeys,
  ...sortingKeys,
  {
    keys: 'P',
    does: 'sort by growth',
    matches: is('P'),
    message: { type: 'sorted', by: 'growth' },
  },
  {
    keys: 'M',
    does: 'sort by resident memory',
    matches: is('M'),
    message: { type: 'sorted', by: 'resident' },
  },
  ...runningKeys,
];
