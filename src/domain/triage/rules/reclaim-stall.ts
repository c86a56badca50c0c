import { eventsFigure, pagesFigure, pressureFigure, shareFigure } from '../figures.ts';
import type { TriageHistory } from '../history.ts';
import { segmentsOf } from '../next.ts';
import type { Rule } from '../rule.ts';
import type { Zone } from '../snapshot.ts';
import type { NextCommand } from '../verdict.ts';
import { largestProcess } from '../victims.ts';

const least = { stalls: 2, scanned: 1000, some: 5, criticalFull: 15, criticalSome: 60 };

/** Tasks that want memory have to make room for it themselves, and wait meanwhile. */
export const reclaimStall: Rule = {
  code: 'reclaim-stall',
  title: 'allocations stall',
  mechanism: {
    text: 'A kernel thread per node (kswapd) refills free pages in the background once they fall below the low watermark. When they fall below the minimum all the same, whoever asks for memory has to reclaim pages itself before it gets any: direct reclaim. Its latency is that of finding, and often of writing, pages of others.',
    source:
      'Documentation/admin-guide/sysctl/vm.rst (min_free_kbytes, watermark_scale_factor), Documentation/accounting/psi.rst',
  },
  find: (history) => {
    const stalls = history.rate('allocationStalls') ?? 0;
    const scanned = history.rate('scannedDirectly') ?? 0;
    const { memory } = history.latest.pressure;
    const some = memory?.some.avg10 ?? 0;
    const full = memory?.full?.avg10 ?? 0;
    const isStalling = stalls >= least.stalls && scanned >= least.scanned;
    if (!isStalling || (memory !== null && some < least.some)) return [];
    const zone = tightest(history.latest.zones);
    const reclaimed = history.rate('reclaimedDirectly') ?? 0;
    return [
      {
        severity: full >= least.criticalFull || some >= least.criticalSome ? 'critical' : 'warning',
        subject: { kind: 'host' },
        sentence: `Tasks that want memory had to reclaim it themselves ${Math.round(stalls)} times a second${memory === null ? '' : `, and waited for memory ${some}% of the time`}.`,
        figures: [
          eventsFigure('stalls', stalls),
          pagesFigure('scanned directly', scanned),
          shareFigure('of that reclaimed', scanned === 0 ? 0 : Math.min(1, reclaimed / scanned)),
          ...(memory === null
            ? []
            : [pressureFigure('some (10 s)', some), pressureFigure('full (10 s)', full)]),
          ...(zone === null
            ? []
            : [shareFigure(`free of low in ${zone.name}`, zone.free / zone.low)]),
        ],
        refutedBy: 'The counters stand still over a longer run: it was a burst.',
        next: nextFor(history),
        weight: Math.min(1, Math.max(some / 100, stalls / 1000)),
      },
    ];
  },
};

/** The zone with fewest free pages for its watermark; tiny ones are always full. */
function tightest(zones: readonly Zone[]): Zone | null {
  const large = zones.filter(({ low, name }) => low > 0 && name !== 'DMA');
  return large.toSorted((a, b) => a.free / a.low - b.free / b.low)[0] ?? null;
}

function nextFor({ latest }: TriageHistory): NextCommand | null {
  const largest = largestProcess(latest.processes);
  return largest === null ? null : segmentsOf(largest.pid);
}
