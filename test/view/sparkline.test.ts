import { expect, it } from 'vitest';
import { sparkline } from '../../src/view/sparkline.ts';

it('rises from 0 to the highest value, in eight steps', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 9, true)).toBe('▁▂▃▄▅▆▇██');
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 9, false)).toBe('.,-=+*#@@');
});

it('shows the latest values, at the right', () => {
  expect(sparkline([8, 0, 8], 2, true)).toBe('▁█');
  expect(sparkline([8], 3, true)).toBe('  █');
});

it('shows nothing outstanding as nothing', () => {
  expect(sparkline([0, 0], 2, true)).toBe('▁▁');
  expect(sparkline([], 2, true)).toBe('  ');
});
