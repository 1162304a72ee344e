import { TestWorkflowEnvironment } from '@temporalio/testing';
import { temporalProgram } from '../temporal-program.ts';

/** Else a server hands on some twenty steps a second, and a timer that is due at once comes up to a second late. */
const AT_ONCE = ['history.transferProcessorMaxPollRPS=2000', 'history.timerProcessorMaxTimeShift="10ms"'];
const RETENTION_SECONDS = 86_400;

/** A file outside of jest's project `temporal` that joins its server by luck fails when it runs alone. */
function refuseUnlisted(): void {
  if ((globalThis as { mayNeedTemporal?: boolean }).mayNeedTemporal === false)
    throw new Error('This file of tests needs Temporal: list it under TEMPORAL in jest.config.mjs.');
}

/**
 * A Temporal dev server of one's own.
 * @param config values of its dynamic configuration, as `key=JSON`
 * @param file where it keeps all; absent: in memory
 */
export async function startTemporal(config: readonly string[] = [], file?: string): Promise<TestWorkflowEnvironment> {
  refuseUnlisted();
  const extraArgs = [...AT_ONCE, ...config].flatMap((value) => ['--dynamic-config-value', value]);
  return TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: await temporalProgram() }, extraArgs, ...(file ? { dbFilename: file } : {}) },
  });
}

/** A namespace of one's own in a server that others use, too. */
export async function joinTemporal(address: string): Promise<TestWorkflowEnvironment> {
  refuseUnlisted();
  const namespace = `tests-${crypto.randomUUID()}`;
  const environment = await TestWorkflowEnvironment.createFromExistingServer({ address, namespace });
  const workflowExecutionRetentionPeriod = { seconds: RETENTION_SECONDS } as never;
  await environment.connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  return environment;
}
