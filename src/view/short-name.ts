const closes: Readonly<Record<string, string>> = { '<': '>', '(': ')' };
const namesOfOperators = /\boperator\s*$/;

/**
 * A function's name as it fits into a table: `std::map<…>::insert(…)` for a name with its template arguments and parameters
 * spelled out. Rust's `<T as Trait>::f`, operators and `(anonymous namespace)` keep what tells them from others.
 */
export function shortName(symbol: string): string {
  let short = '';
  for (let at = 0; at < symbol.length; at++) {
    const character = symbol[at] ?? '';
    const close = closes[character];
    const end = close === undefined ? -1 : closing(symbol, at, character, close);
    if (end < 0 || isPartOfTheName(short, symbol.slice(at, end + 1))) {
      short += character;
      continue;
    }
    const isEmpty = end === at + 1;
    short += isEmpty ? `${character}${close}` : `${character}…${close}`;
    at = end;
  }
  return short;
}

function isPartOfTheName(before: string, bracketed: string): boolean {
  return (
    namesOfOperators.test(before) ||
    bracketed === '(anonymous namespace)' ||
    // What stands in brackets first, or right behind `::`, is itself the name.
    /(?:^|::|\s)$/.test(before)
  );
}

/** Where the bracket that opens at `from` closes; -1 where it does not. `->` and `>>` of operators are not looked into. */
function closing(symbol: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < symbol.length; at++) {
    if (symbol[at] === open) depth++;
    if (symbol[at] === close && symbol[at - 1] !== '-') depth--;
    if (depth === 0) return at;
  }
  return -1;
}
