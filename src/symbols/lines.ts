import type { Frame } from '../domain/stack.ts';
import type { SourcePosition } from '../native/elf.ts';
import { demangle } from './demangle.ts';
import type { Module } from './module.ts';
import type { ProcessSymbols } from './process-symbols.ts';

/** The frames with file and line, and the frames that were inlined into them, where debug information says so. */
export async function withLines(
  symbols: ProcessSymbols,
  frames: readonly Frame[],
): Promise<readonly Frame[]> {
  const places = frames.map((frame) => symbols.locate(frame));
  const offsets = new Map<Module, number[]>();
  for (const place of places) {
    if (place === null) continue;
    offsets.set(place.module, [...(offsets.get(place.module) ?? []), place.offset]);
  }
  await Promise.all([...offsets].map(([module, wanted]) => module.positions(wanted)));
  const expanded = frames.map(async (frame, i) => {
    const place = places[i];
    const [positions = []] = place ? await place.module.positions([place.offset]) : [];
    return expand(frame, positions);
  });
  return (await Promise.all(expanded)).flat();
}

function expand(frame: Frame, positions: readonly SourcePosition[]): Frame[] {
  const inlined = positions.slice(0, -1).map((position): Frame => ({
    address: frame.address,
    symbol: position.symbol === null ? null : demangle(position.symbol),
    offset: 0,
    module: frame.module,
    ...(frame.path === undefined ? {} : { path: frame.path }),
    ...lineOf(position),
    inlined: true,
  }));
  const own = positions.at(-1);
  return [...inlined, own === undefined ? frame : { ...frame, ...lineOf(own) }];
}

const lineOf = ({ file, line }: SourcePosition) => ({
  ...(file === null ? {} : { file }),
  ...(line === null ? {} : { line }),
});
