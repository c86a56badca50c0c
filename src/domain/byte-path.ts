/**
 * A path as its bytes, one character for each (latin1): file names are bytes, not text. What the kernel writes is compared
 * and cut in this form; only what is shown is decoded.
 */
export type BytePath = string;

export const bytePath = (bytes: Uint8Array): BytePath => Buffer.from(bytes).toString('latin1');

/** As a path for node:fs. */
export const pathBytes = (path: BytePath): Buffer => Buffer.from(path, 'latin1');

/** The path as text; bytes that are no UTF-8 as `\xNN`. */
export function pathText(path: BytePath): string {
  if (!/[\x80-\xff]/.test(path)) return path;
  const text = Buffer.from(path, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? decodeWhereValid(path) : text;
}

const sequence =
  /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]/g;

function decodeWhereValid(path: BytePath): string {
  return path.replaceAll(sequence, (bytes) => {
    const raw = Buffer.from(bytes, 'latin1');
    const text = raw.toString('utf8');
    if (Buffer.from(text, 'utf8').equals(raw)) return text;
    return Array.from(raw, (byte) => `\\x${byte.toString(16)}`).join('');
  });
}

/** The path that a text names. */
export const pathOfText = (text: string): BytePath =>
  /[\u0080-\uffff]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;

/** Whether it is UTF-8, so that `pathText` leads back to it. */
export const isText = (path: BytePath): boolean =>
  !/[\x80-\xff]/.test(path) || pathOfText(pathBytes(path).toString('utf8')) === path;
