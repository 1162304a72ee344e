import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** The workflows as one script, built once and used by every worker. */
export function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPath = join(import.meta.dirname, '..', 'workflows', 'index.ts');
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
}
