import type { Key } from 'ink';

import type { Message } from './state.ts';

/** One key of the screen: what it is called, what it does, when it is meant. */
export interface Binding {
  readonly keys: string;
  readonly does: string;
  readonly matches: (input: string, key: Key) => boolean;
  readonly message: Message;
}

const is =
  (...inputs: readonly string[]) =>
  (input: string, key: Key): boolean =>
    !key.ctrl && !key.meta && inputs.includes(input);

export const bindings: readonly Binding[] = [
  {
    keys: '↑ k',
    does: 'up',
    matches: (i, key) => key.upArrow || is('k')(i, key),
    message: { type: 'moved', by: -1 },
  },
  {
    keys: '↓ j',
    does: 'down',
    matches: (i, key) => key.downArrow || is('j')(i, key),
    message: { type: 'moved', by: 1 },
  },
  {
    keys: 'PgUp',
    does: 'a page up',
    matches: (_, key) => key.pageUp,
    message: { type: 'paged', by: -1 },
  },
  {
    keys: 'PgDn',
    does: 'a page down',
    matches: (_, key) => key.pageDown,
    message: { type: 'paged', by: 1 },
  },
  {
    keys: 'Home g',
    does: 'first',
    matches: (i, key) => key.home || is('g')(i, key),
    message: { type: 'jumped', to: 'first' },
  },
  {
    keys: 'End G',
    does: 'last',
    matches: (i, key) => key.end || is('G')(i, key),
    message: { type: 'jumped', to: 'last' },
  },
  {
    keys: 'Enter',
    does: 'open the stack',
    matches: (_, key) => key.return,
    message: { type: 'opened' },
  },
  {
    keys: 'Esc',
    does: 'back; on the table: clear filter and search',
    matches: (_, key) => key.escape,
    message: { type: 'closed' },
  },
  {
    keys: '/ F3',
    does: 'search, n and N for the next and the previous',
    matches: is('/', 'F3'),
    message: { type: 'typing-began', what: 'search' },
  },
  { keys: 'n', does: 'next found', matches: is('n'), message: { type: 'found', by: 1 } },
  { keys: 'N', does: 'previous found', matches: is('N'), message: { type: 'found', by: -1 } },
  {
    keys: '\\ f F4',
    does: 'filter by function or module: a|b',
    matches: is('\\', 'f', 'F4'),
    message: { type: 'typing-began', what: 'filter' },
  },
  {
    keys: '> F6',
    does: 'next sort key',
    matches: is('>', 'F6'),
    message: { type: 'sort-moved', by: 1 },
  },
  {
    keys: '<',
    does: 'previous sort key',
    matches: is('<'),
    message: { type: 'sort-moved', by: -1 },
  },
  { keys: 'M', does: 'sort by bytes', matches: is('M'), message: { type: 'sorted', by: 'size' } },
  { keys: 'C', does: 'sort by blocks', matches: is('C'), message: { type: 'sorted', by: 'count' } },
  {
    keys: 'P',
    does: 'sort by growth',
    matches: is('P'),
    message: { type: 'sorted', by: 'growth' },
  },
  { keys: 'T', does: 'sort by age', matches: is('T'), message: { type: 'sorted', by: 'age' } },
  { keys: 'r I', does: 'reverse the order', matches: is('r', 'I'), message: { type: 'reversed' } },
  {
    keys: 'm',
    does: 'mappings that the target made itself',
    matches: is('m'),
    message: { type: 'showed', view: 'mappings' },
  },
  {
    keys: 'Z',
    does: 'pause the display; tracing goes on',
    matches: is('Z'),
    message: { type: 'paused' },
  },
  { keys: '+', does: 'half as often', matches: is('+'), message: { type: 'paced', factor: 2 } },
  { keys: '-', does: 'twice as often', matches: is('-'), message: { type: 'paced', factor: 0.5 } },
  {
    keys: '? h F1',
    does: 'this help',
    matches: is('?', 'h', 'F1'),
    message: { type: 'showed', view: 'help' },
  },
  {
    keys: 'q F10 Ctrl-C',
    does: 'detach, print the report, end',
    matches: (i, key) => is('q', 'F10')(i, key) || (key.ctrl && i === 'c'),
    message: { type: 'left' },
  },
];

/** The function keys, which Ink decodes and does not hand on. */
export const functionKeys: Readonly<Record<string, string>> = {
  '\u001B[11~': 'F1',
  '\u001BOP': 'F1',
  '\u001B[[A': 'F1',
  '\u001B[13~': 'F3',
  '\u001BOR': 'F3',
  '\u001B[14~': 'F4',
  '\u001BOS': 'F4',
  '\u001B[17~': 'F6',
  '\u001B[21~': 'F10',
};

/** What a key means now; null for nothing. While something is typed, keys are text. */
export function messageFor(typing: boolean, input: string, key: Key): Message | null {
  if (typing) {
    if (key.ctrl && input === 'c') return { type: 'left' };
    if (key.return) return { type: 'entered' };
    if (key.escape) return { type: 'closed' };
    if (key.backspace || key.delete) return { type: 'erased' };
    if (input !== '' && !key.ctrl && !key.meta && !/^F\d+$/.test(input))
      return { type: 'typed', text: input };
    return null;
  }
  return bindings.find((binding) => binding.matches(input, key))?.message ?? null;
}
