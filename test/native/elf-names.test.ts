import { describe, expect, test } from 'vitest';

import { compile } from '../support/compile.ts';
import { requires } from '../support/require.ts';
import { withElf } from './open-elf.ts';

// Each nop is one byte: the comments are the offsets from `outer`.
const source = `
.text
.globl outer, inner, unsized, malloc_like, __libc_malloc_like, __weak_like
.type outer, @function
outer:                    # 0
  .rept 4
  nop
  .endr
.type inner, @function
inner:                    # 4
  .rept 4
  nop
  .endr
.size inner, . - inner    # 8
  .rept 2
  nop
  .endr
inside_label:             # 10
$x:
  .rept 6
  nop
  .endr
.size outer, . - outer    # 16
  .rept 4
  nop
  .endr
unsized:                  # 20
  .rept 6
  nop
  .endr
.set __libc_malloc_like, malloc_like
.set __weak_like, malloc_like
.type __libc_malloc_like, @function
.type __weak_like, @function
.weak __weak_like
.type malloc_like, @function
malloc_like:              # 26
  .rept 2
  nop
  .endr
.size malloc_like, . - malloc_like  # 28
.size __libc_malloc_like, 2
.size __weak_like, 2
.globl versioned_old
.type versioned_old, @function
versioned_old:            # 28
  .rept 2
  nop
  .endr
.size versioned_old, . - versioned_old
.symver versioned_old, versioned@OLD_1, remove
last:                     # 30
  nop
.data
.globl table
.type table, @object
table: .quad 0
.size table, 8
.section .note.GNU-stack,"",@progbits
`;

// The version map of a shared object; it is no source of its own.
const linked = (): string =>
  compile(source, 's', [
    'sh',
    '-c',
    'printf "OLD_1 {};\\n" > "$2.map" && gcc -shared -nostdlib -Wl,--version-script="$2.map" -o "$2" "$3"',
    'cc',
  ]);

describe.skipIf(!requires('x86-64', process.arch === 'x64', 'the code is in its assembly'))(
  'the name of an offset',
  () => {
    const nameAt = (from: number): string | null =>
      withElf(linked(), (elf) => {
        const [outer] = elf.functions(['outer']);
        const [name] = elf.names([(outer?.offset ?? Number.NaN) + from]);
        return name ? `${name.symbol}+${name.offset}` : null;
      });

    test.each([
      [0, 'outer+0'],
      [3, 'outer+3'],
      [4, 'inner+0'],
      [7, 'inner+3'],
      [8, 'outer+8'],
      [11, 'outer+11'],
      [15, 'outer+15'],
    ])(
      '%i is %s: a function goes on behind one inside of it, and labels are none',
      (from, name) => {
        expect(nameAt(from)).toBe(name);
      },
    );

    test('between functions there is none', () => {
      expect(nameAt(16)).toBe(null);
      expect(nameAt(19)).toBe(null);
    });

    test('code without a size reaches to the next symbol, the last to the end of its section', () => {
      expect(nameAt(20)).toBe('unsized+0');
      expect(nameAt(25)).toBe('unsized+5');
      expect(nameAt(30)).toBe('last+0');
      expect(nameAt(31)).toBe(null);
    });

    test('of several the one without underscores is taken, and versions are left out', () => {
      expect(nameAt(27)).toBe('malloc_like+1');
      expect(nameAt(29)).toBe('versioned+1');
    });

    test('before the code and beyond the file there is none', () => {
      expect(nameAt(-1)).toBe(null);
      expect(nameAt(1 << 24)).toBe(null);
    });
  },
);
