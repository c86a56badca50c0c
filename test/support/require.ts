/**
 * Whether a test that needs `capability` can run here: `ok` itself, so that the caller skips by name.
 * Throws instead when MEMTRACE_REQUIRE (a comma list of capabilities, or `all`; `1` means `all`) says that it must.
 */
export function requires(capability: string, ok: boolean, why: string): boolean {
  if (ok) return true;
  const required = (process.env['MEMTRACE_REQUIRE'] ?? '').split(',').map((name) => name.trim());
  if (required.some((name) => name === capability || name === 'all' || name === '1')) {
    throw new Error(`required here, but missing: ${capability} (${why})`);
  }
  return false;
}
