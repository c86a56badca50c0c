import { type Key, useApp, useInput, useStdin, useWindowSize } from 'ink';
import { useContext, useEffect, useReducer, useRef } from 'react';

import { explain } from '../errors/catalog.ts';
import { Failure } from '../errors/failure.ts';
import { HostContext } from './host.ts';
import { type Binding, functionKeys, messageFor } from './keymap.ts';
import type { ScreenMessage, ScreenState } from './screen-state.ts';

/** What makes a screen out of keys and reports. */
export interface ScreenParts<State extends ScreenState, Message> {
  readonly initial: State;
  readonly reduce: (state: State, message: Message | ScreenMessage<State>) => State;
  readonly bindings: readonly Binding<Message | ScreenMessage<State>>[];
  /** Reads the next report. */
  readonly read: () => Promise<NonNullable<State['report']>>;
  /** Aborted when the session ends by itself or by a signal. */
  readonly leave: AbortSignal;
  /** Lines of a terminal with so many rows that are neither rows of the table nor its titles. */
  readonly around: (rows: number) => number;
  /** The lines of the page that is open; it does not scroll past its end. */
  readonly pageLines: (state: State) => readonly string[];
  /** Lines that a page has on a terminal with so many rows; the table's and its titles', if not given. */
  readonly pageHeight?: (state: State, rows: number) => number;
  /** Whether another screen is drawn in this one's place, and takes the keys. */
  readonly isCovered?: (state: State) => boolean;
  /** Whether something is to end before the screen may. */
  readonly isBusy?: (state: State) => boolean;
}

export const tableHeadHeight = 1;

/** A screen at work: it reads reports, takes keys, follows the terminal's size, and ends when it is left. */
export function useScreen<State extends ScreenState, Message>(
  parts: ScreenParts<State, Message>,
): readonly [State, (message: Message | ScreenMessage<State>) => void, { readonly rows: number }] {
  const { initial, read, leave, around, isBusy } = parts;
  const host = useContext(HostContext);
  const { columns, rows } = useWindowSize();
  // One row less than the terminal has, so that it never scrolls.
  const height = rows - 1 - around(rows) - tableHeadHeight;
  const [state, send] = useReducer(
    (before: State, event: Event<State, Message>) =>
      step(parts, before, event, { hasHost: host !== null, rows }),
    parts.reduce(initial, { type: 'resized', height, columns }),
  );
  const { exit } = useApp();

  useEffect(() => send({ type: 'resized', height, columns }), [height, columns]);
  useReports(state, send, read);
  useKeys(send);
  const waits = isBusy?.(state) === true;
  useEffect(() => {
    if (state.leaving === null || waits) return;
    if (host === null) exit();
    else host.left(state.leaving);
  }, [state.leaving, waits, host, exit]);
  useEffect(() => {
    const end = () => send({ type: 'ended' });
    if (leave.aborted) end();
    leave.addEventListener('abort', end);
    return () => leave.removeEventListener('abort', end);
  }, [leave]);
  return [state, send, { rows: rows - 1 }];
}

export const problemText = (error: unknown): string =>
  error instanceof Failure ? explain(error).message : String(error);

/** A key as it came; what it means depends on the state that it meets. */
interface Keyed {
  readonly type: 'keyed';
  readonly input: string;
  readonly key: Key;
}

type Event<State extends ScreenState, Message> = Message | ScreenMessage<State> | Keyed;

function step<State extends ScreenState, Message>(
  { bindings, reduce, pageLines, pageHeight, isCovered }: ScreenParts<State, Message>,
  state: State,
  event: Event<State, Message>,
  { hasHost, rows }: { readonly hasHost: boolean; readonly rows: number },
): State {
  if (isKeyed(event) && isCovered?.(state) === true) return state;
  const meant = isKeyed(event)
    ? messageFor(bindings, state.typing !== null, event.input, event.key)
    : event;
  if (meant === null) return state;
  const goesBack = hasHost && isClosing(meant) && hasNothingToClose(state);
  const message = goesBack ? ({ type: 'went-back' } as const) : meant;
  const next = reduce(state, message);
  if (next.view === 'table' || next.report === null) return next;
  const shown = pageHeight?.(next, rows) ?? next.height + tableHeadHeight;
  const most = pageLines(next).length - shown;
  return { ...next, scroll: Math.max(0, Math.min(next.scroll, most)) };
}

const isClosing = (message: unknown): boolean => (message as { type: string }).type === 'closed';

const hasNothingToClose = ({ view, typing, filter, search }: ScreenState): boolean =>
  view === 'table' && typing === null && filter === '' && search === '';

const isKeyed = (event: unknown): event is Keyed => (event as Keyed).type === 'keyed';

/** Reads a report at each interval, one at a time, until the screen is left. */
function useReports<State extends ScreenState>(
  { paused, leaving, intervalMs }: State,
  send: (message: ScreenMessage<State>) => void,
  read: () => Promise<NonNullable<State['report']>>,
): void {
  const reading = useRef<Promise<void>>(Promise.resolve());
  useEffect(() => {
    if (paused || leaving !== null) return;
    let stopped = false;
    let timer: NodeJS.Timeout | undefined;
    const tick = async (): Promise<void> => {
      try {
        const report = await read();
        if (!stopped) send({ type: 'reported', report });
      } catch (error) {
        if (!stopped) send({ type: 'failed', problem: problemText(error) });
      }
      if (!stopped) timer = setTimeout(next, intervalMs);
    };
    // A read that another pace or a pause has left behind ends first.
    const next = (): void => {
      reading.current = reading.current.then(() => (stopped ? undefined : tick()));
    };
    next();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [paused, leaving, intervalMs, read, send]);
}

function useKeys(send: (event: Keyed) => void): void {
  useInput((input, key) => {
    // Keys that were typed fast, or pasted, come together.
    const isText = input.length > 1 && !key.ctrl && !key.meta;
    for (const each of isText ? input : [input]) {
      send({ type: 'keyed', input: each, key: each === '\r' ? { ...key, return: true } : key });
    }
  });
  const { internal_eventEmitter: keys } = useStdin() as ReturnType<typeof useStdin> & {
    readonly internal_eventEmitter: NodeJS.EventEmitter;
  };
  useEffect(() => {
    const onRaw = (data: string) => {
      const name = functionKeys[data];
      if (name !== undefined) send({ type: 'keyed', input: name, key: noModifiers });
    };
    keys.on('input', onRaw);
    return () => void keys.off('input', onRaw);
  }, [keys, send]);
}

const noModifiers = {} as Key;
