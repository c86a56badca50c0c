import type { Key } from 'ink';

import type { ScreenMessage } from './screen-state.ts';

/** One key of a screen: what it is called, what it does, when it is meant. */
export interface Binding<Message> {
  readonly keys: string;
  readonly does: string;
  readonly matches: (input: string, key: Key) => boolean;
  readonly message: Message;
}

/** Matches plain characters. */
export const is =
  (...inputs: readonly string[]) =>
  (input: string, key: Key): boolean =>
    !key.ctrl && !key.meta && inputs.includes(input);

/** Through a table or a page. */
export const movingKeys = [
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
] as const satisfies readonly Binding<ScreenMessage>[];

/** Into a row and back, and to rows by name. `opens`: what Enter does; `names`: what a filter looks at. */
export const rowKeys = (opens: string, names: string) =>
  [
    {
      keys: 'Enter',
      does: opens,
      matches: (_, key) => key.return,
      message: { type: 'opened' },
    },
    {
      keys: 'Esc',
      does: 'back; on the table: clear filter and search, then to the screen it was opened from',
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
      does: `filter by ${names}: a|b`,
      matches: is('\\', 'f', 'F4'),
      message: { type: 'typing-began', what: 'filter' },
    },
  ] as const satisfies readonly Binding<ScreenMessage>[];

/** The order of the table. */
export const sortingKeys = [
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
  { keys: 'r I', does: 'reverse the order', matches: is('r', 'I'), message: { type: 'reversed' } },
] as const satisfies readonly Binding<ScreenMessage>[];

/** The screen as a whole. */
export const runningKeys = [
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
] as const satisfies readonly Binding<ScreenMessage>[];

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
export function messageFor<Message>(
  bindings: readonly Binding<Message>[],
  typing: boolean,
  input: string,
  key: Key,
): Message | TypingMessage | null {
  if (!typing) return bindings.find((binding) => binding.matches(input, key))?.message ?? null;
  if (key.ctrl && input === 'c') return { type: 'left' };
  if (key.return) return { type: 'entered' };
  if (key.escape) return { type: 'closed' };
  if (key.backspace || key.delete) return { type: 'erased' };
  const isText = input !== '' && !key.ctrl && !key.meta && !/^F\d+$/.test(input);
  return isText ? { type: 'typed', text: input } : null;
}

type TypingMessage = Extract<
  ScreenMessage,
  { readonly type: 'left' | 'entered' | 'closed' | 'erased' | 'typed' }
>;
