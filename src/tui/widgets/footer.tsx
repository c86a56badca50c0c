import type { ScreenState } from '../screen-state.ts';
import type { Theme } from '../theme.ts';
import { Line } from './line.tsx';

export const footerHeight = 1;

interface Props {
  readonly state: ScreenState;
  /** What Enter opens, and keys of this screen alone. */
  readonly opens: string;
  readonly more?: string;
  readonly theme: Theme;
}

/** The keys, or what is being typed. */
export function Footer({ state, opens, more = '', theme }: Props) {
  if (state.typing !== null) {
    const typed = state[state.typing];
    return <Line inverse>{`${state.typing}: ${typed}_   Enter keeps it, Esc drops it`}</Line>;
  }
  const active = [
    ...(state.filter === '' ? [] : [`filter ${state.filter}`]),
    ...(state.search === '' ? [] : [`search ${state.search}`]),
  ].map((each) => `[${each}] `);
  return <Line {...theme.dim}>{`${active.join('')}${hints(state, opens, more, theme)}`}</Line>;
}

function hints({ view }: ScreenState, opens: string, more: string, { unicode }: Theme): string {
  if (view === 'table') {
    return `${more}Enter ${opens} / search \\ filter <> sort Z pause ? help q quit`;
  }
  const arrows = unicode ? '↑↓' : 'up/down';
  return `Esc back  ${arrows} scroll  ${view === 'help' ? '' : '? help  '}q quit`;
}
