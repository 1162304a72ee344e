import type { Settings } from './settings.ts';

/** The pages of workflows in the Web UI; each null where it is not known where that is. */
export function incidentLinks(settings: Settings): (workflowId: string, runId: string) => string | null {
  const { TEMPORAL_UI_URL: base, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = settings;
  const ui = base ?? (/\.tmprl\.cloud:\d+$/.test(address) ? 'https://cloud.temporal.io' : null);
  if (ui === null) return () => null;
  return (workflowId, runId) =>
    `${ui.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}/${runId}`;
}
