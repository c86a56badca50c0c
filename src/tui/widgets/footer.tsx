import { useContext } from 'react';

import { HostContext } from '../host.ts';
import type { ScreenState } from '../screen-state.ts';
import type { Theme } from '../theme.ts';
import { Line } from './line.tsx';

export const footerHeight = 1;

interface Props {
  readonly state: ScreenState;
  /** What Enter opens, and keys of this screen alone, where there is room for them. */
  readonly opens: string;
  readonly more?: string;
  readonly theme: Theme;
}

/** The keys, or what is being typed. */
export function Footer({ state, opens, more = '', theme }: Props) {
  const host = useContext(HostContext);
  if (state.typing !== null) {
    const typed = state[state.typing];
    return <Line inverse>{`${state.typing}: ${typed}_   Enter keeps it, Esc drops it`}</Line>;
  }
  const active = [
    ...(state.filter === '' ? [] : [`filter ${state.filter}`]),
    ...(state.search === '' ? [] : [`search ${state.search}`]),
  ].map((each) => `[${each}] `);
  const back = host === null ? '' : `Esc ${host.name} `;
  const keys = `${state.view === 'table' ? back : ''}${hints(state, opens)}`;
  const isRoomy = active.join('').length + more.length + keys.length <= state.columns;
  const all = isRoomy && state.view === 'table' ? `${more}${keys}` : keys;
  return <Line {...theme.dim}>{`${active.join('')}${all}`}</Line>;
}

function hints({ view }: ScreenState, opens: string): string {
  if (view === 'table') {
    return `Enter ${opens} / search \\ filter <> sort Z pause ? help q quit`;
  }
  return `Esc back  ↑↓ scroll  ${view === 'help' ? '' : '? help  '}q quit`;
}
