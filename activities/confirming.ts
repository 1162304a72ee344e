import type { ModelRecordKeeper } from '../clients/model-records.ts';
import { knownRegistry } from '../clients/registries/choose-registry.ts';
import { type Confirmation, confirmRollback } from '../clients/registries/confirm-rollback.ts';
import type { Registries } from '../clients/registries/model-registry.ts';
import type { ServedVersion } from '../incident/model.ts';
import type { ModelFact } from '../incident/models/model-facts.ts';
import { asActivityFailure } from './failures.ts';

/** A rollback that was seen to serve. */
export interface ServedConfirmation extends Omit<Confirmation, 'registry' | 'good' | 'bad'> {
  readonly cluster: string;
  /** Name of the registry that the model's record is kept under; null where it is in none. */
  readonly place: string | null;
  /** Name of the registry that tells of the model; null where none does. */
  readonly registry: string | null;
  readonly from: ServedVersion;
  readonly to: ServedVersion;
}

export function confirmingActivities(registries: Registries, records: Pick<ModelRecordKeeper, 'tell'>) {
  return {
    /** Makes a verified rollback true in the model's record, and in its registry. Returns what was changed, each as a sentence. */
    confirmModelVersion({ cluster, place, registry, from, to, ...rest }: ServedConfirmation): Promise<readonly string[]> {
      return asActivityFailure(async () => {
        const { model, incident } = rest;
        const confirmed =
          registry === null || to.version === null
            ? null
            : { to: knownRegistry(registries, registry), with: { ...rest, registry, good: to.version, bad: from.version } };
        // The record is told first: it has to know for our own doing what the registry will tell everybody.
        const written = confirmed === null ? [] : ownDoing(to.version, from.version, Date.now());
        const reason = `It failed in serving, and this was seen to serve in its place: ${nameOf(to)}.`;
        const quarantine = { address: from.address, version: from.version, by: incident, reason, atMs: Date.now() };
        await records.tell({ cluster, registry: place, model }, [...written, { kind: 'quarantined', quarantine }]);
        const inRecord = `${nameOf(from)} of ${model} is quarantined in its record.`;
        return [inRecord, ...(confirmed ? await confirmRollback(confirmed.to, confirmed.with) : [])];
      });
    },
  };
}

function ownDoing(good: string | null, bad: string | null, atMs: number): ModelFact[] {
  return [
    ...(good === null ? [] : [{ kind: 'written' as const, written: { what: 'alias' as const, version: good, atMs } }]),
    ...(bad === null ? [] : [{ kind: 'written' as const, written: { what: 'quarantine' as const, version: bad, atMs } }]),
  ];
}

function nameOf({ version, address }: ServedVersion): string {
  return version === null ? address : `Version ${version}`;
}
