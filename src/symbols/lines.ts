import type { Frame } from '../domain/stack.ts';
import { loadAddon } from '../native/addon.ts';
import type { LinesAddon, LineTable } from '../native/elf.ts';
import { demangle } from './demangle.ts';
import type { Module } from './module-cache.ts';
import type { ProcessSymbols } from './process-symbols.ts';

let addon: LinesAddon | null | undefined;
const tables = new WeakMap<Module, LineTable>();

// libdw need not be installed: then there are names, and no lines.
function linesAddon(): LinesAddon | null {
  if (addon === undefined) {
    try {
      addon = loadAddon<LinesAddon>('lines');
    } catch {
      addon = null;
    }
  }
  return addon;
}

function tableOf(module: Module): LineTable | null {
  const known = tables.get(module);
  if (known !== undefined) return known;
  const table = linesAddon()?.openLines(module.fd, module.debugFd);
  if (table === undefined) return null;
  tables.set(module, table);
  return table;
}

/** Closes the line table of a module, if it was opened. */
export function closeLines(module: Module): void {
  tables.get(module)?.close();
  tables.delete(module);
}

/** The frames with file and line, and the frames that were inlined into them, where debug information says so. */
export async function withLines(symbols: ProcessSymbols, frames: readonly Frame[]): Promise<readonly Frame[]> {
  return frames.flatMap((frame) => {
    const place = symbols.locate(frame);
    const positions = place === null ? [] : (tableOf(place.module)?.lines(place.offset) ?? []);
    if (positions.length === 0) return [frame];
    return positions.map((position, i): Frame => {
      const line = {
        ...(position.file === null ? {} : { file: position.file }),
        ...(position.line === null ? {} : { line: position.line }),
      };
      if (i === positions.length - 1) return { ...frame, ...line };
      const symbol = position.symbol === null ? null : demangle(position.symbol);
      return { ...frame, ...line, symbol, offset: 0, inlined: true };
    });
  });
}
