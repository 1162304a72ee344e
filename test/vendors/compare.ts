import { isDeepStrictEqual } from 'node:util';
import { canonical } from './canonical.ts';
import type { Recorded, Recorder } from './recorder.ts';

/** What was asked, by step. */
export type Steps = Recorder['steps'];

/** How far a request of ours may be otherwise than the vendor's own. */
export interface Leeway {
  /** Brings a request into the form that is compared, after what makes no difference anywhere is away. */
  readonly form?: (request: Recorded) => Recorded;
  /** Two that are of one form but do not ask the same are the same all the same, such as where ours asks for fewer fields. */
  readonly isWithin?: (ours: Recorded, theirs: Recorded) => boolean;
}

/** A request of ours that the vendor's own client did not make; null where we made none in a step of theirs. */
export interface Difference {
  readonly step: string;
  readonly ours: Recorded | null;
  /** All that it asked in the step. */
  readonly theirs: readonly Recorded[];
}

/**
 * Requests of ours that the vendor's own client did not make in the same step, in the order in which we made them; it may ask for more
 * than we do. A step that one of the two does not have is a difference, too.
 * @returns empty where ours speaks as the vendor's own does
 */
export function differences(ours: Steps, theirs: Steps, leeway: Leeway = {}): readonly Difference[] {
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].filter((step) => step !== '');
  return names.flatMap((step) => ofStep(step, ours.get(step) ?? [], theirs.get(step) ?? [], leeway));
}

function ofStep(
  step: string,
  ours: readonly Recorded[],
  theirs: readonly Recorded[],
  { form = (request) => request, isWithin = isDeepStrictEqual }: Leeway,
): readonly Difference[] {
  const said = theirs.map((request) => form(canonical(request)));
  if (ours.length === 0) return [{ step, ours: null, theirs: said }];
  let from = 0;
  return ours.flatMap((request) => {
    const one = form(canonical(request));
    const at = said.findIndex((other, index) => index >= from && isWithin(one, other));
    if (at < 0) return [{ step, ours: one, theirs: said }];
    from = at + 1;
    return [];
  });
}
