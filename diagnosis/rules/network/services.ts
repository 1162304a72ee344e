import type { Evidence } from '../../../incident/evidence.ts';
import { endpointCuts, portCuts, selectorCuts } from '../../../incident/path-cuts.ts';
import { fittingPort, fittingSelector } from '../../../incident/path-mends.ts';
import type { Rule } from '../../rule.ts';

export const selectorMatchesNothing: Rule<Evidence> = (_evidence, { paths }) => {
  if (paths.kind !== 'read' || paths.value === null) return null;
  const [cut] = selectorCuts(paths.value);
  if (!cut) return null;
  const { name, selector } = cut.service;
  const since = cut.byRelease ? 'The release before it still had these labels.' : 'No release in its history has these labels.';
  return {
    cause: 'selector-matches-nothing',
    confidence: 'certain',
    reason: `Service ${name} selects no pod: it asks for ${labelsText(selector)}, and the pods have ${labelsText(paths.value.newest.labels)}. ${since} ${fittingSelector(paths.value, cut.service)}`,
  };
};

export const wrongTargetPort: Rule<Evidence> = (_evidence, { paths }) => {
  if (paths.kind !== 'read' || paths.value === null) return null;
  const [cut] = portCuts(paths.value);
  if (!cut) return null;
  const { service, port, byRelease } = cut;
  const declared = paths.value.newest.ports.map(({ number, name }) => (name === null ? `${number}` : `${number} (${name})`)).join(', ');
  const since = byRelease ? ' The release before it still had it.' : '';
  return {
    cause: 'wrong-target-port',
    // A name that no container has leads nowhere; a number may be listened on without being declared.
    confidence: typeof port.target === 'string' ? 'certain' : 'likely',
    reason: `Service ${service.name} sends port ${port.number} to ${port.target}, and the containers have ${declared || 'no port'}.${since} ${fittingPort(paths.value, service, port)}`,
  };
};

/** What is left when no rule about the pods says why they are not ready. */
export const noEndpoints: Rule<Evidence> = (_evidence, { paths }) => {
  if (paths.kind !== 'read' || paths.value === null) return null;
  const [cut] = endpointCuts(paths.value);
  if (!cut) return null;
  const { name, notReady } = cut.service;
  const behind = notReady === 0 ? 'there is none behind it' : `${notReady} behind it are not ready`;
  return { cause: 'no-endpoints', confidence: 'certain', reason: `Service ${name} has no ready endpoint: ${behind}.` };
};

function labelsText(labels: Readonly<Record<string, string>>): string {
  const texts = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return texts.join(', ') || 'no label';
}
