import type { Chart, Phase } from './chart.ts';
import { settled } from './settled.ts';

/** `once`: the first try. `untilTaken`: as long as an incident is watched. */
export type Patience = 'once' | 'untilTaken';

/**
 * Tells people, for a week or until a channel takes it; may be cancelled. What no channel takes stands in the story, and in the list of
 * incidents as the phase `untold`.
 * @param phase of the incident once they are told
 * @param firstTried called when the first try has ended, whatever it gave
 */
export async function tellUntilTaken(
  send: (patience: Patience) => Promise<void>,
  chart: Pick<Chart, 'enter' | 'tell'>,
  phase: Phase,
  firstTried: () => void = () => undefined,
): Promise<void> {
  const first = await settled(() => send('once'));
  if (first.kind === 'failed') {
    chart.enter('untold');
    chart.tell(`Nobody could be told yet; it is tried again and again: ${first.message}`);
  }
  firstTried();
  if (first.kind === 'done') return;
  const later = await settled(() => send('untilTaken'));
  if (later.kind === 'failed') return chart.tell(`Nobody could be told: ${later.message}`);
  chart.enter(phase);
  chart.tell('A person was told after all.');
}
