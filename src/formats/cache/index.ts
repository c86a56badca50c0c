import type { CacheFormat, CacheFormatName, CacheShown } from './format.ts';
import { cacheJson } from './json.ts';
import { cacheText } from './text.ts';

export const cacheFormats: Readonly<Record<CacheFormatName, (shown: CacheShown) => CacheFormat>> = {
  text: cacheText,
  json: cacheJson,
};
