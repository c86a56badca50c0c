import { createContext, type ReactNode } from 'react';

import type { Leaving } from './screen-state.ts';

/** Where a screen is drawn in the place of another one, to which it goes back. */
export interface Stage {
  /** Resolves when the screen was left. */
  readonly show: (screen: ReactNode) => Promise<void>;
}

/** The screen in whose place another one is drawn, as that one sees it. */
export interface Host {
  /** What Esc goes back to: `triage`. */
  readonly name: string;
  readonly left: (how: Leaving) => void;
}

/** null: a screen has the terminal to itself. */
export const HostContext = createContext<Host | null>(null);
