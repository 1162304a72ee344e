import type { Context } from '../incident/context.ts';
import type { GoldenSeen } from '../incident/golden-request.ts';
import type { Verdict } from '../incident/verdict.ts';

/** Pods that are ready and answer their golden request wrongly serve nothing. Where it could not be asked, that they serve is not known. */
export function goldenHealth(ofPods: Verdict, { golden }: Pick<Context, 'golden'>): Verdict {
  if (ofPods.kind !== 'recovered') return ofPods;
  if (golden.kind === 'unreadable') return { kind: 'unknown', reason: `${golden.what} cannot be read: ${golden.reason}` };
  if (golden.value === null) return ofPods;
  const { seen } = ofPods;
  return golden.value.kind === 'wrong'
    ? { kind: 'notRecovered', seen: `${seen}; ${wrongText(golden.value)}` }
    : {
        kind: 'recovered',
        seen: `${seen}; ${golden.value.by} answered the golden request, the slowest after ${golden.value.slowestMs} ms`,
      };
}

/** What is wrong with an answer, as people read it. */
export function wrongText({ by, why }: Extract<GoldenSeen, { readonly kind: 'wrong' }>): string {
  return `${by} fails the golden request: ${why}`;
}
