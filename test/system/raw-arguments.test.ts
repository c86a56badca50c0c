import { expect, it } from 'vitest';

import { rawArguments } from '../../src/system/raw-arguments.ts';

const typed = (...words: readonly string[]) =>
  `${['node', 'main.js', 'file', ...words].join('\0')}\0`;

it('leaves words alone that are UTF-8', () => {
  const unread = () => {
    throw new Error('there is no need to read it');
  };
  expect(rawArguments(['a', 'ümlaut'], unread)).toEqual(['a', 'Ã¼mlaut'.replace('¼', '\xbc')]);
});

it('gives bytes back that are not UTF-8, also of two words that look alike', () => {
  const line = () => typed('--sort', 'name', 'x\xff', 'plain', 'x\xfe');
  expect(rawArguments(['x\ufffd', 'plain', 'x\ufffd'], line)).toEqual(['x\xff', 'plain', 'x\xfe']);
});

it('takes a word for text that is not on the command line', () => {
  expect(rawArguments(['\ufffd'], () => typed('other'))).toEqual(['\xef\xbf\xbd']);
});
