import { type Act, DEMOTIONS_MAX, type Demotion, type Ledger } from './ledger.ts';

/** What a demotion is about. */
export type DemotionScope = Pick<Demotion, 'runbook' | 'remedy' | 'namespace'>;

/** Demotes a remedy by what came of an act that no person had wanted: by this runbook, in this namespace. */
export function withDemotionFor(ledger: Ledger, { runbook, remedy, namespace, isApproved }: Act, what: string): Ledger {
  return isApproved ? ledger : withDemotion(ledger, { runbook, remedy, namespace, why: what });
}

/** Enters a demotion; one that covers it already stays as it is, and those that it covers go. */
export function withDemotion(ledger: Ledger, demoted: Omit<Demotion, 'atMs'>): Ledger {
  if (ledger.demotions.some((one) => covers(one, demoted))) return ledger;
  const all = withOne(ledger, demoted);
  // What there is no room for must not be allowed by that.
  return all.demotions.length <= DEMOTIONS_MAX ? all : withOne(ledger, { ...demoted, remedy: null, namespace: null });
}

function withOne(ledger: Ledger, demoted: Omit<Demotion, 'atMs'>): Ledger {
  const others = ledger.demotions.filter((one) => !covers(demoted, one));
  return { ...ledger, demotions: [...others, { ...demoted, atMs: ledger.latestMs }] };
}

/** A person vouches for exactly what is called so. */
export function withoutDemotion(ledger: Ledger, name: string): Ledger {
  return { ...ledger, demotions: ledger.demotions.filter((one) => demotionName(one) !== name) };
}

/** Whether all that the other is about is demoted by this one. */
export function covers({ runbook, remedy, namespace }: DemotionScope, other: DemotionScope): boolean {
  return runbook === other.runbook && (remedy === null || remedy === other.remedy) && (namespace === null || namespace === other.namespace);
}

/** Its name, by which a person lifts it: `demotion RUNBOOK/REMEDY/NAMESPACE`, in which `*` is every one. */
export function demotionName({ runbook, remedy, namespace }: DemotionScope): string {
  return `demotion ${runbook}/${remedy ?? '*'}/${namespace ?? '*'}`;
}

/** The command by which a person lifts the demotion of this name. */
export function liftCommand(name: string): string {
  // A shell would look for files of that pattern.
  return `paramedic guards reset ${name.includes('*') ? `'${name}'` : name}`;
}
