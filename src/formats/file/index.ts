import type { FileFormat } from './format.ts';
import { json } from './json.ts';
import { text } from './text.ts';

export const fileFormats = { text, json } satisfies Record<string, FileFormat>;
