import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable } from '../../src/view/printable.ts';

it('leaves names as they are, whatever language they are in', () => {
  expect(printable('std::map<int>::insert(…) größe 割り当て 🦀')).toBe(
    'std::map<int>::insert(…) größe 割り当て 🦀',
  );
});

it('spells out what a terminal would obey', () => {
  expect(printable('\u001B[2J\r\nowned\u0007\u009B1m')).toBe('\\x1b[2J\\x0d\\x0aowned\\x07\\x9b1m');
  expect(printable('\u202Egnp.exe')).toBe('\\u202egnp.exe');
});

it('keeps tabs only where they are asked for', () => {
  expect(printable('\tmain', 'keep-tabs')).toBe('\tmain');
  expect(printable('\tmain')).toBe('\\x09main');
});

it('never lets a control character through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/\p{Cc}/u);
    }),
  );
});
