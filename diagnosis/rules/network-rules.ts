import type { Evidence } from '../../incident/evidence.ts';
import { healthOf } from '../health.ts';
import type { Rule } from '../rule.ts';
import { certificateExpired } from './network/certificates.ts';
import { dependencyDown, dnsDown } from './network/dependencies.ts';
import { policyCutsPath, policyCutsPathOfOld } from './network/policies.ts';
import { noEndpoints, selectorMatchesNothing, wrongTargetPort } from './network/services.ts';
import { silentPod } from './network/silent-pod.ts';
import { transient } from './network/transient.ts';

/** What cuts paths for certain comes before what pods show: a pod that cannot reach what it needs fails for that, not for its release. */
const before: Readonly<Record<string, Rule<Evidence>>> = {
  dnsDown,
  selectorMatchesNothing,
  wrongTargetPort,
  policyCutsPath,
  dependencyDown,
  certificateExpired,
};

/** What may have been so all along, or only says that pods are not ready, comes after the reasons why they are not. */
const after: Readonly<Record<string, Rule<Evidence>>> = { policyCutsPathOfOld, silentPod, noEndpoints };

/**
 * The rules for a target whose paths are in question, in the order in which they are asked.
 * @param ofPods the rules for its kind, of which that it is still rolling out comes last
 */
export function networkRules<E extends Evidence>(ofPods: Readonly<Record<string, Rule<E>>>): Readonly<Record<string, Rule<E>>> {
  const { rollingOut = () => null, ...failing } = unlessWell(ofPods);
  return { ...before, ...failing, ...after, rollingOut, transient };
}

/** Rules about pods take for granted that the pods are not well. */
function unlessWell<E extends Evidence>(rules: Readonly<Record<string, Rule<E>>>): Record<string, Rule<E>> {
  const guarded = Object.entries(rules).map(([name, rule]): [string, Rule<E>] => [
    name,
    (evidence, context) => (healthOf(evidence).kind === 'recovered' ? null : rule(evidence, context)),
  ]);
  return Object.fromEntries(guarded);
}
