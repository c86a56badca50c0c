/** The help of a screen, made from its keys and its columns; `remark` ends it. */
export function helpLines(
  bindings: readonly { readonly keys: string; readonly does: string }[],
  columns: readonly { readonly title: string; readonly help: string }[],
  remark: string,
): string[] {
  return [
    'Keys',
    ...bindings.map(({ keys, does }) => `  ${keys.padEnd(14)} ${does}`),
    '',
    'Columns',
    ...columns.map(({ title, help }) => `  ${title.padEnd(14)} ${help}`),
    '',
    remark,
  ];
}
