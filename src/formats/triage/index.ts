import type { TriageFormat, TriageFormatName } from './format.ts';
import { triageJson } from './json.ts';
import { triageText } from './text.ts';

export const triageFormats: Readonly<Record<TriageFormatName, TriageFormat>> = {
  text: triageText,
  json: triageJson,
};
