import type { Image, Notice, ProbeActivity } from '../../domain/leak-snapshot.ts';
import type { LeakSessionRequest } from './request.ts';

/** After this long without a call, that is the finding. */
export const quietMs = 5000;

const allocating = new Set([
  'size',
  'count-size',
  'realloc',
  'realloc-array',
  'aligned',
  'out-aligned',
]);

/** "0 calls seen" instead of a clean report. `explanations`: what is known of the target's runtimes. */
export function quietNotice(
  elapsedMs: number,
  probes: readonly ProbeActivity[],
  explanations: readonly string[],
): Notice[] {
  const calls = probes.filter((probe) => allocating.has(probe.shape) || probe.shape === 'free');
  if (elapsedMs < quietMs || calls.some((probe) => probe.hits > 0)) return [];
  const names = [...new Set(calls.map((probe) => probe.allocator))].join(', ');
  const why =
    explanations.length > 0
      ? explanations.join(' ')
      : 'It may be idle, or allocate by its own means: look at the mappings, and at how its RSS grows.';
  const seconds = Math.round(elapsedMs / 1000);
  return [
    {
      code: 'no-calls',
      text: `0 calls seen in ${seconds} s on ${names || 'no allocator'}. ${why}`,
    },
  ];
}

/** What the request left out: a filtered report must not look like a whole one. */
export function filterNotices(request: LeakSessionRequest): Notice[] {
  const notices: Notice[] = [];
  if (request.minSize > 0 || Number.isFinite(request.maxSize)) {
    const most = Number.isFinite(request.maxSize) ? ` to ${request.maxSize}` : ' or more';
    notices.push({
      code: 'filtered',
      text: `only allocations of ${request.minSize}${most} bytes are followed`,
    });
  }
  if (request.sampleRate > 1) {
    notices.push({
      code: 'sampled',
      text: `1 in ${request.sampleRate} allocations is followed: figures are of those, not scaled up`,
    });
  }
  return notices;
}

export function blindNotices(images: readonly Image[]): Notice[] {
  const blind = images.filter((image) => image.blindMs > 0);
  if (blind.length === 0) return [];
  const longest = Math.max(...blind.map((image) => image.blindMs));
  const who = blind.length === 1 ? `process ${blind[0]?.pid} ran` : `${blind.length} processes ran`;
  return [
    {
      code: 'blind',
      text: `${who} up to ${longest.toFixed(1)} ms before the probes were in place: what was allocated in that time is not seen`,
    },
  ];
}
