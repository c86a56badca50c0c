import type { State } from '../state.ts';
import type { Theme } from '../theme.ts';
import { Line } from './line.tsx';

export const footerHeight = 1;

const hints: Readonly<Record<State['view'], string>> = {
  sites: 'Enter stack / search \\ filter <> sort Z pause ? help q quit',
  stack: 'Esc back  ↑↓ scroll  ? help  q quit',
  mappings: 'Esc back  ↑↓ scroll  ? help  q quit',
  help: 'Esc back  ↑↓ scroll  q quit',
};

/** The keys, or what is being typed. */
export function Footer({ state, theme }: { readonly state: State; readonly theme: Theme }) {
  if (state.typing !== null) {
    return (
      <Line
        inverse
      >{`${state.typing}: ${state[state.typing]}_   Enter keeps it, Esc drops it`}</Line>
    );
  }
  const active = [
    ...(state.filter === '' ? [] : [`filter ${state.filter}`]),
    ...(state.search === '' ? [] : [`search ${state.search}`]),
  ].map((each) => `[${each}] `);
  return <Line {...theme.dim}>{`${active.join('')}${hints[state.view]}`}</Line>;
}
