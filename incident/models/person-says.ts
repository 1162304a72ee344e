import type { KeptRecord } from './kept-record.ts';
import { names, withoutQuarantine, withQuarantine } from './model-facts.ts';

/** What a person says of a version of a model. */
export type PersonSays =
  | { readonly kind: 'pin' | 'quarantine' | 'release'; readonly version: string; readonly by: string; readonly reason: string }
  | { readonly kind: 'unpin'; readonly by: string; readonly reason: string };

/** Enters what a person says. Pure. @throws a sentence where it cannot be so */
export function heard(record: KeptRecord, says: PersonSays, nowMs: number): KeptRecord {
  const { model, pin, quarantined, seen } = record;
  switch (says.kind) {
    case 'pin': {
      const { version, by, reason } = says;
      if (quarantined.some((one) => names(version, one)))
        throw new Error(`Cannot pin version ${version} of ${model}: it is quarantined. Release it first.`);
      return { ...record, pin: { version, by, reason, atMs: nowMs } };
    }
    case 'unpin':
      if (pin === null) throw new Error(`Cannot unpin ${model}: no version of it is pinned.`);
      return { ...record, pin: null };
    case 'quarantine': {
      const { version, by, reason } = says;
      const known = seen.find((one) => names(version, one));
      if (pin && (pin.version === version || (known && names(pin.version, known))))
        throw new Error(`Cannot quarantine version ${version} of ${model}: it is pinned by ${pin.by}. Unpin it first.`);
      // Where no server was seen with it, a number is no address, and no address is as good as none.
      const address = known?.address ?? (version.includes('/') ? version : '');
      return withQuarantine(record, { address, version: known ? known.version : version, by, reason, atMs: nowMs });
    }
    case 'release':
      if (!quarantined.some((one) => names(says.version, one)))
        throw new Error(`Cannot release version ${says.version} of ${model}: the record has it in no quarantine.`);
      return withoutQuarantine(record, says.version);
    default:
      return says satisfies never;
  }
}
