import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { helpLines } from '../../src/tui/help.ts';
import { type Binding, functionKeys, messageFor } from '../../src/tui/keymap.ts';
import { cacheBindings } from '../../src/tui/cache/keys.ts';
import { triageBindings } from '../../src/tui/triage/keys.ts';
import { leakBindings } from '../../src/tui/leak/keys.ts';
import { columns } from '../../src/view/columns.ts';

const pressed = (key: Partial<Key> = {}): Key => key as Key;
const printable = Array.from({ length: 0x7f - 0x21 }, (_, i) => String.fromCodePoint(0x21 + i));

/** Each key there is, by the name that bindings call it. */
const keys: Readonly<Record<string, readonly [input: string, key: Key]>> = {
  ...Object.fromEntries(printable.map((each) => [each, [each, pressed()]])),
  ...Object.fromEntries(Object.values(functionKeys).map((each) => [each, [each, pressed()]])),
  '↑': ['', pressed({ upArrow: true })],
  '↓': ['', pressed({ downArrow: true })],
  'PgUp': ['', pressed({ pageUp: true })],
  'PgDn': ['', pressed({ pageDown: true })],
  'Home': ['', pressed({ home: true })],
  'End': ['', pressed({ end: true })],
  'Enter': ['\r', pressed({ return: true })],
  'Esc': ['', pressed({ escape: true })],
  'Ctrl-C': ['c', pressed({ ctrl: true })],
  'Tab': ['', pressed({ tab: true })],
  'Shift-Tab': ['', pressed({ tab: true, shift: true })],
};

const screens: readonly (readonly [string, readonly Binding<unknown>[]])[] = [
  ['leak', leakBindings],
  ['cache', cacheBindings],
  ['triage', triageBindings],
];

describe.each(screens)('the keys of the screen of %s', (_, bindings) => {
  it('mean one thing each, and are those that their binding says', () => {
    for (const [name, [input, key]] of Object.entries(keys)) {
      const meant = bindings.filter((binding) => binding.matches(input, key));
      const said = bindings.filter((binding) => binding.keys.split(' ').includes(name));
      expect([name, meant.length > 1]).toEqual([name, false]);
      expect([name, meant]).toEqual([name, said]);
    }
  });

  it('are all known by their names', () => {
    const names = bindings.flatMap((binding) => binding.keys.split(' '));
    expect(names.filter((name) => keys[name] === undefined)).toEqual([]);
  });

  it.each(['k', 'q', 'M', 'f'])('with Ctrl or Alt are not plain %s', (letter) => {
    expect(messageFor(bindings, false, letter, pressed({ ctrl: true }))).toBe(null);
    expect(messageFor(bindings, false, letter, pressed({ meta: true }))).toBe(null);
  });
});

describe('while something is typed', () => {
  it('every character is text', () => {
    for (const each of [...printable, ' ', 'é']) {
      expect(messageFor(leakBindings, true, each, pressed())).toEqual({
        type: 'typed',
        text: each,
      });
    }
  });

  it.each([
    ['Enter', { type: 'entered' }],
    ['Esc', { type: 'closed' }],
    ['Ctrl-C', { type: 'left' }],
    ['F3', null],
    ['↑', null],
  ])('%s is still a key', (name, expected) => {
    const [input, key] = keys[name] ?? ['', pressed()];
    expect(messageFor(leakBindings, true, input, key)).toEqual(expected);
  });

  it('both keys that erase do', () => {
    expect(messageFor(leakBindings, true, '', pressed({ backspace: true }))).toEqual({
      type: 'erased',
    });
    expect(messageFor(leakBindings, true, '', pressed({ delete: true }))).toEqual({
      type: 'erased',
    });
  });
});

it('the help has a line for each key and for each column', () => {
  const lines = helpLines(leakBindings, columns, 'the end', 200);
  for (const { keys: names, does } of leakBindings) {
    expect(
      lines.filter((line) => line.trim().replace(/ +/g, ' ') === `${names} ${does}`),
    ).toHaveLength(1);
  }
  for (const { title, help } of columns) {
    expect(lines.some((line) => line.includes(title) && line.endsWith(help))).toBe(true);
  }
});
