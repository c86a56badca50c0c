import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mountOf, parseLockdown, readKernelFacts } from '../../src/system/kernel-facts.ts';
import { isAtLeast, parseRelease } from '../../src/system/kernel-release.ts';

describe('parseRelease', () => {
  it.each([
    ['6.12.14-1-amd64', 6, 12, 14],
    ['5.14.0-570.el9.x86_64', 5, 14, 0],
    ['6.19-rc1', 6, 19, 0],
    ['odd', 0, 0, 0],
  ])('reads %s', (text, major, minor, patch) => {
    expect(parseRelease(text)).toEqual({ text, major, minor, patch });
  });
});

describe('isAtLeast', () => {
  const kernel = parseRelease('6.12.14');
  it.each([
    [5, 20, 99, true],
    [6, 11, 20, true],
    [6, 12, 14, true],
    [6, 12, 15, false],
    [6, 13, 0, false],
    [7, 0, 0, false],
  ])('compares 6.12.14 with %i.%i.%i', (major, minor, patch, expected) => {
    expect(isAtLeast(kernel, major, minor, patch)).toBe(expected);
  });
});

describe('kernel facts', () => {
  it('takes the chosen lockdown mode', () => {
    expect(parseLockdown('none [integrity] confidentiality\n')).toBe('integrity');
    expect(parseLockdown('')).toBeNull();
  });

  it('finds where tracefs is mounted', () => {
    const mounts = 'sysfs /sys sysfs rw 0 0\ntracefs /mnt/my\\040trace tracefs rw 0 0\n';
    expect(mountOf('tracefs', mounts)).toBe('/mnt/my trace');
    expect(mountOf('tracefs', 'proc /proc proc rw 0 0\n')).toBeNull();
  });

  it('reads those of this kernel', async () => {
    const facts = await readKernelFacts();
    expect(facts.release.major).toBeGreaterThan(3);
    expect(facts.hasBtf).toBe(existsSync('/sys/kernel/btf/vmlinux'));
  });
});
