import { expect, test } from 'vitest';

import { once } from './once.ts';

test('who asks for the same at once has the same', async () => {
  const asked: string[] = [];
  const upper = once(
    (text: string) => text,
    async (text) => {
      asked.push(text);
      return text.toUpperCase();
    },
  );
  expect(await Promise.all([upper('a'), upper('b'), upper('a')])).toEqual(['A', 'B', 'A']);
  expect(asked).toEqual(['a', 'b']);
});
