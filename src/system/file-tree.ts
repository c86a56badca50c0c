import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Unseen } from '../domain/triage/snapshot.ts';

/** /proc and /sys, or a captured copy of them below another root. Notes what was looked for in vain. */
export class FileTree {
  readonly root: string;
  readonly #unseen = new Map<string, Unseen>();

  constructor(root = '/') {
    this.root = root;
  }

  /** What could not be had so far, and has not been since. */
  get unseen(): readonly Unseen[] {
    return [...this.#unseen.values()];
  }

  path(path: string): string {
    return this.root === '/' ? path : join(this.root, path);
  }

  /** The text of a file, or null; `what`: said of it in the report where it cannot be read. */
  text(path: string, what?: string, encoding: 'utf8' | 'latin1' = 'utf8'): string | null {
    try {
      const text = readFileSync(this.path(path), encoding);
      this.#unseen.delete(path);
      return text;
    } catch (error) {
      if (what !== undefined) this.miss(path, what, error);
      return null;
    }
  }

  /** A file of one number; null also for what is no number (`max`). */
  number(path: string, what?: string): number | null {
    const text = this.text(path, what)?.trim();
    return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null;
  }

  /** Names in a directory; none where there is no such directory. */
  names(path: string): readonly string[] {
    try {
      return readdirSync(this.path(path));
    } catch {
      return [];
    }
  }

  /** Names of the directories in a directory. */
  directories(path: string): readonly string[] {
    try {
      return readdirSync(this.path(path), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
    } catch {
      return [];
    }
  }

  miss(path: string, what: string, error: unknown): void {
    this.#unseen.set(path, { what, path, why: reasonOf(error) });
  }

  /** For what is kept from this user without an error. */
  hide(path: string, what: string): void {
    this.#unseen.set(path, { what, path, why: 'no-privilege' });
  }

  found(path: string): void {
    this.#unseen.delete(path);
  }
}

function reasonOf(error: unknown): Unseen['why'] {
  const errno = error instanceof Error && 'code' in error ? error.code : null;
  if (errno === 'ENOENT' || errno === 'ENOTDIR') return 'missing';
  return errno === 'EACCES' || errno === 'EPERM' ? 'no-privilege' : 'unreadable';
}
