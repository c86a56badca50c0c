import { wrapped } from '../view/wrapped.ts';

const indent = 17;

/** The help of a screen, made from its keys and its columns, in lines of `width` characters; `remark` ends it. */
export function helpLines(
  bindings: readonly { readonly keys: string; readonly does: string }[],
  columns: readonly { readonly title: string; readonly help: string }[],
  remark: string,
  width: number,
): string[] {
  const entry = (name: string, text: string) =>
    wrapped(text, width - indent).map(
      (line, i) => `${i === 0 ? `  ${name}`.padEnd(indent) : ' '.repeat(indent)}${line}`,
    );
  return [
    'Keys',
    ...bindings.flatMap(({ keys, does }) => entry(keys, does)),
    '',
    'Columns',
    ...columns.flatMap(({ title, help }) => entry(title, help)),
    '',
    ...wrapped(remark, width),
  ];
}
