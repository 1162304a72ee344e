import type { GoldenRequest } from './golden-request.ts';
import type { Measure } from './measure.ts';
import type { TransientSigns } from './transient-signs.ts';

/** How a target is looked at. Absent in histories of before there was more than one way: then its pods are the measure. */
export interface View {
  /** By what it counts as well; its pods where nothing is said. */
  readonly measure?: Measure;
  /** A request whose right answer is known, for servers on which none is written; null: there is none. */
  readonly golden?: GoldenRequest | null;
  /** What the runbook says of failures that pass by themselves. */
  readonly transient?: TransientSigns;
}
