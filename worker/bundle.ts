import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundle,
  type WorkflowBundlePath,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';

const OURS = join(import.meta.dirname, '..', 'workflows', 'index.ts');

/** The workflows as one script, built once and used by every worker. @param workflowsPath the file that exports them */
export function bundleWorkflows(workflowsPath = OURS): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
}

/**
 * The workflows as a worker takes them: from a file bundled beforehand, or bundled now.
 * @throws when the file is not there, since a worker would notice only at its first incident.
 */
export async function readyWorkflows(file: string | undefined): Promise<WorkflowBundle | WorkflowBundlePath> {
  if (file === undefined) return bundleWorkflows();
  const codePath = resolve(file);
  if (!existsSync(codePath))
    throw new Error(
      `Cannot read the workflows from ${codePath} (PARAMEDIC_WORKFLOW_BUNDLE): it does not exist. Make it with "npm run bundle -- ${file}", or unset the variable.`,
    );
  return { codePath };
}
