import { columns } from '../view/columns.ts';
import { bindings } from './keymap.ts';

/** The help, made from the keys and the columns themselves. */
export function helpLines(): string[] {
  return [
    'Keys',
    ...bindings.map(({ keys, does }) => `  ${keys.padEnd(14)} ${does}`),
    '',
    'Columns',
    ...columns.map(({ title, help }) => `  ${title.padEnd(14)} ${help}`),
    '',
    'A large figure is not a leak by itself: look at growth, at the share that is ever freed, and at ages.',
  ];
}
