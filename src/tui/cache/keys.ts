import type { CacheView } from '../../domain/cache-report.ts';
import { type Binding, is, movingKeys, rowKeys, runningKeys, sortingKeys } from '../keymap.ts';
import type { CacheMessage } from './state.ts';

const views: readonly (readonly [key: string, view: CacheView, does: string])[] = [
  ['1', 'process', 'processes'],
  ['2', 'file', 'files'],
  ['3', 'cgroup', 'control groups'],
];

export const cacheBindings: readonly Binding<CacheMessage>[] = [
  {
    keys: 'Tab',
    does: 'processes, files, control groups in turn',
    matches: (_, key) => key.tab && !key.shift,
    message: { type: 'tabbed', by: 1 },
  },
  {
    keys: 'Shift-Tab',
    does: 'the other way round',
    matches: (_, key) => key.tab && key.shift,
    message: { type: 'tabbed', by: -1 },
  },
  ...views.map(([keys, view, does]): Binding<CacheMessage> => ({
    keys,
    does,
    matches: is(keys),
    message: { type: 'switched', to: view },
  })),
  ...movingKeys,
  ...rowKeys('what a process did with which files, or who used a file', 'name or pid'),
  ...sortingKeys,
  {
    keys: 'a',
    does: 'all since the session began, or the latest interval',
    matches: is('a'),
    message: { type: 'span-changed' },
  },
  {
    keys: 'i',
    does: 'what this mode cannot see, what was lost, who evicts whom',
    matches: is('i'),
    message: { type: 'showed', view: 'remarks' },
  },
  ...runningKeys,
];
