import { expect, it } from 'vitest';
import { asciiText } from '../../src/view/ascii.ts';

it('writes the signs of the screen as ASCII', () => {
  expect(asciiText('↑↓ · ≤3.0s 2 × lost… 950µs')).toBe('UpDown - <=3.0s 2 x lost... 950us');
});

it('leaves names as they are', () => {
  expect(asciiText('/srv/µ/größe')).toBe('/srv/µ/größe');
});
