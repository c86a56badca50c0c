import { Box } from 'ink';
import type { ReactNode } from 'react';

import type { Theme } from '../theme.ts';
import { PaperContext } from './line.tsx';

interface Props {
  readonly columns: number;
  readonly rows: number;
  readonly theme: Theme;
  readonly children: ReactNode;
}

/** The lines of a screen, one below the other, cut where the terminal ends. */
export function Frame({ columns, rows, theme, children }: Props) {
  return (
    <PaperContext value={{ columns, unicode: theme.unicode }}>
      <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
        {children}
      </Box>
    </PaperContext>
  );
}
