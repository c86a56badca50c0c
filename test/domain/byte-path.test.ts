import { describe, expect, it } from 'vitest';
import { bytePath, pathBytes, pathText } from '../../src/domain/byte-path.ts';

describe('pathText', () => {
  it.each([
    ['plain', Buffer.from('/a/b'), '/a/b'],
    ['text beyond ASCII', Buffer.from('/ä/日本/😀'), '/ä/日本/😀'],
    ['a byte that is no text', Buffer.from([0x2f, 0xff, 0x61]), '/\\xffa'],
    ['text beside it', Buffer.from([0xc3, 0xa4, 0xc3]), 'ä\\xc3'],
    ['an overlong sequence', Buffer.from([0xe0, 0x80, 0x80]), '\\xe0\\x80\\x80'],
    ['half a surrogate', Buffer.from([0xed, 0xa0, 0x80]), '\\xed\\xa0\\x80'],
    ['the replacement character itself', Buffer.from('\ufffd'), '\ufffd'],
  ])('%s', (_, bytes, text) => {
    expect(pathText(bytePath(bytes))).toBe(text);
    expect(pathBytes(bytePath(bytes))).toEqual(bytes);
  });
});
