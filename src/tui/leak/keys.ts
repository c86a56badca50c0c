import type { Binding } from '../keymap.ts';
import { is, movingKeys, rowKeys, runningKeys, sortingKeys } from '../keymap.ts';
import type { LeakMessage } from './state.ts';

export const leakBindings: readonly Binding<LeakMessage>[] = [
  ...movingKeys,
  ...rowKeys('open the stack', 'function or module'),
  ...sortingKeys,
  { keys: 'M', does: 'sort by bytes', matches: is('M'), message: { type: 'sorted', by: 'size' } },
  { keys: 'C', does: 'sort by blocks', matches: is('C'), message: { type: 'sorted', by: 'count' } },
  {
    keys: 'P',
    does: 'sort by growth',
    matches: is('P'),
    message: { type: 'sorted', by: 'growth' },
  },
  { keys: 'T', does: 'sort by age', matches: is('T'), message: { type: 'sorted', by: 'age' } },
  {
    keys: 'm',
    does: 'mappings that the target made itself',
    matches: is('m'),
    message: { type: 'showed', view: 'mappings' },
  },
  ...runningKeys,
];
