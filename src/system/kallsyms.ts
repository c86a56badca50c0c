import { readFile } from 'node:fs/promises';

/** Whether the text of /proc/kallsyms (`ADDRESS TYPE NAME[\t[MODULE]]`) has the function. Names are there for anyone. */
export const listsFunction = (kallsyms: string, name: string): boolean =>
  new RegExp(`^\\w+ [Tt] ${name}$`, 'm').test(kallsyms);

/** Whether the running kernel has the function; null where it does not tell. */
export async function kernelHasFunction(name: string): Promise<boolean | null> {
  const text = await readFile('/proc/kallsyms', 'latin1').catch(() => '');
  return text === '' ? null : listsFunction(text, name);
}
