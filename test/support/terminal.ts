import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const patienceMs = 20_000;

/** Whether tmux is installed. */
export function hasTmux(): boolean {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A real terminal of its own: a tmux server with one window, in which a command runs under a shell. */
export class Terminal {
  readonly #server = `memtrace-test-${process.pid}-${Math.random().toString(36).slice(2)}`;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'memtrace-terminal-'));

  #isClosed = false;

  constructor(columns: number, rows: number, environment: Readonly<Record<string, string>> = {}) {
    const variables = Object.entries({ LANG: 'C.UTF-8', PS1: '$ ', ...environment });
    const shell = ['env', ...variables.map(([name, value]) => `'${name}=${value}'`), 'sh'].join(
      ' ',
    );
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, shell);
    this.#tmux('pipe-pane', `cat > ${this.#output}`);
  }

  get #output(): string {
    return path.join(this.#folder, 'output');
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#server, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Text is typed as it is; `Enter`, `Escape`, `Up` and the like are keys. */
  type(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  run(command: string): void {
    this.type('-l', command);
    this.type('Enter');
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** The lines on the screen, without blanks at their ends. */
  lines(): string[] {
    return this.#tmux('capture-pane', '-p').split('\n').slice(0, -1);
  }

  /** The screen once `matches` holds. Throws what it shows instead after twenty seconds. */
  async until(matches: (screen: string) => boolean): Promise<string[]> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const lines = this.lines();
      if (matches(lines.join('\n'))) return lines;
      if (performance.now() > deadline) throw new Error(`the screen shows:\n${lines.join('\n')}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Everything that was written to the terminal so far. */
  written(): string {
    return readFileSync(this.#output, 'latin1');
  }

  #flag(format: string): string {
    return this.#tmux('display-message', '-p', `#{${format}}`).trim();
  }

  /** Whether the main screen is shown, with its cursor. */
  isAsBefore(): boolean {
    return this.#flag('alternate_on') === '0' && this.#flag('cursor_flag') === '1';
  }

  /** Ends what runs in it, as closing a window does. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#tmux('kill-server');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
