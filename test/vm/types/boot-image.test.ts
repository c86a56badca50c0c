import { expect, test } from 'vitest';

import { payloadOf, typesIn } from './boot-image.ts';

/** A bzImage of two setup sectors, whose payload lies 16 bytes into the rest. */
function image(payload: Buffer): Buffer {
  const bytes = Buffer.alloc(3 * 512 + 16 + payload.length + 32, 0xcc);
  bytes[0x1f1] = 2;
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt32LE(16, 0x248);
  bytes.writeUInt32LE(payload.length, 0x24c);
  payload.copy(bytes, 3 * 512 + 16);
  return bytes;
}

test.for([
  ['xz', 'fd377a585a00'],
  ['zstd', '28b52ffd'],
  ['gzip', '1f8b'],
  ['lz4', '02214c18'],
] as const)(
  'the payload of a bzImage by %s is what its header says, without the length behind it',
  ([tool, begin]) => {
    const packed = Buffer.from(`${begin}0102030405060708`, 'hex');
    const length = Buffer.from('00001000', 'hex');
    expect(payloadOf(image(Buffer.concat([packed, length])))).toEqual({ bytes: packed, tool });
  },
);

test('an Image of arm64 is the kernel itself', () => {
  const whole = Buffer.alloc(128);
  whole.write('ARMd', 0x38, 'latin1');
  expect(payloadOf(whole)).toEqual({ bytes: whole, tool: null });
});

test('what is no such image, or compressed in an unknown way, is an error', () => {
  expect(() => payloadOf(Buffer.alloc(4096))).toThrow('neither a bzImage');
  expect(() => payloadOf(image(Buffer.from('cafecafecafecafe', 'hex')))).toThrow(
    'begins with cafecafe',
  );
});

/** BTF with so many bytes of types and strings. */
function btf(types: number, strings: number): Buffer {
  const bytes = Buffer.alloc(24 + types + strings, types);
  bytes.set([0x9f, 0xeb, 1, 0]);
  [24, 0, types, types, strings].forEach((word, at) => bytes.writeUInt32LE(word, 4 + 4 * at));
  return bytes;
}

test("the kernel's types are the largest BTF in it, from its header to the end of its strings", () => {
  const own = btf(200, 100);
  const cut = btf(5000, 100).subarray(0, 64);
  const kernel = Buffer.concat([Buffer.alloc(7), btf(20, 10), Buffer.alloc(9), own, cut]);
  expect(typesIn(kernel)).toEqual(own);
});

test('a kernel without BTF is an error', () => {
  expect(() => typesIn(Buffer.from([1, 2, 3, 0x9f, 0xeb, 1, 0]))).toThrow('no BTF');
});
