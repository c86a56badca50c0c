import { expect, test } from 'vitest';

import { wrapped } from '../../src/view/wrapped.ts';

test.each([
  ['0 calls seen in 5 s', 10, ['0 calls', 'seen in 5', 's']],
  ['a word_that_is_longer b', 6, ['a', 'word_that_is_longer', 'b']],
  ['', 10, ['']],
])('%j in lines of %i characters is %j', (text, width, lines) => {
  expect(wrapped(text, width)).toEqual(lines);
});
