/** What MEMTRACE_REQUIRE asks for: capabilities by name, `all` (or `1`), and `-name` for what may be missing for all that. */
const wishes = (process.env['MEMTRACE_REQUIRE'] ?? '').split(',').map((name) => name.trim());

export const isRequired = (capability: string): boolean =>
  !wishes.includes(`-${capability}`) &&
  ['all', '1', capability].some((name) => wishes.includes(name));

/**
 * Whether a test that needs `capability` can run here: `ok` itself, so that the caller skips by name.
 * Throws instead when MEMTRACE_REQUIRE says that it must.
 */
export function requires(capability: string, ok: boolean, why: string): boolean {
  if (ok) return true;
  if (isRequired(capability)) {
    throw new Error(`required here, but missing: ${capability} (${why})`);
  }
  return false;
}
