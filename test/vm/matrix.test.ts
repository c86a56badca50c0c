import { expect, test } from 'vitest';

import { troubleOf } from './matrix.ts';

const passed = [{ failed: [] }];
const failed = [{ failed: ['a test'] }];
const end = { status: 0, isLate: false, seconds: 900.4, complaint: '' };

test('a guest that ended well is in no trouble, nor is one whose failed tests are told', () => {
  expect(troubleOf(end, passed)).toBe('');
  expect(troubleOf({ ...end, status: 1 }, failed)).toBe('');
  expect(troubleOf({ ...end, status: 1 }, passed)).toBe('vitest ended with 1');
});

test('one whose time was up is told from one that died', () => {
  const none = { ...end, status: undefined };
  expect(troubleOf({ ...none, isLate: true }, failed)).toBe(
    'killed after 900 s, as it had not ended',
  );
  expect(troubleOf(none, failed)).toBe('it died before its command ended');
});

test('what its kernel complained of counts, whatever the tests say', () => {
  expect(troubleOf({ ...end, complaint: 'BUG: this\nCPU: 0' }, passed)).toBe(
    'its kernel complained:\nBUG: this\nCPU: 0',
  );
});
