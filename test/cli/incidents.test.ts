import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { registerSearchAttributes } from '../../worker/register-attributes.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import { temporalProgram } from '../temporal-program.ts';
import { runParamedic } from './run-paramedic.ts';

jest.setTimeout(60_000);

const id = 'outage/test/ml/Deployment/ranker';
let temporal: TestWorkflowEnvironment;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  temporal = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: await temporalProgram() } },
  });
  environment = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_UI_URL: 'http://127.0.0.1:8233/' };
}, 3_600_000);
afterAll(() => temporal?.teardown());

const incidents = (...args: string[]) => runParamedic(['incidents', ...args], environment);

describe('paramedic incidents', () => {
  it('says that there can be none where no worker has ever been', async () => {
    expect(await incidents('list')).toEqual({
      code: 1,
      out: '',
      err: `There are no incidents at ${temporal.address}: the namespace "default" does not have Paramedic's search attributes, which a worker registers when it starts.\n`,
    });
  });

  it('lists by type, namespace and state, and shows one with a link though no worker is there to tell its story', async () => {
    await registerSearchAttributes(temporal.connection, 'default');
    await temporal.client.workflow.start('outOfMemory', {
      workflowId: id,
      taskQueue: 'nobody',
      typedSearchAttributes: [
        { key: incidentAttributes.failureType, value: 'outOfMemory' },
        { key: incidentAttributes.namespace, value: 'ml' },
        { key: incidentAttributes.phase, value: 'diagnosing' },
      ],
    });
    const found = async (...filter: string[]) => JSON.parse((await incidents('list', '--json', ...filter)).out).incidents.length;
    while ((await found()) === 0);
    expect(await found('--type', 'outOfMemory', '--namespace', 'ml', '--open')).toBe(1);
    expect(await found('--type', 'podCrash')).toBe(0);
    expect(await found('--namespace', 'prod')).toBe(0);
    expect(await found('--closed')).toBe(0);
    const table = (await incidents('list')).out.split('\n');
    expect(table[0]).toMatch(/^STARTED +STATE +TYPE +CAUSE +REMEDY +OUTCOME +MODE +INCIDENT$/);
    expect(table[1]).toMatch(new RegExp(`diagnosing +outOfMemory +- +- +- +- +${id}$`));

    expect(JSON.parse((await incidents('list', '--json')).out).total).toBe(1);
    const twin = {
      workflowId: `${id}-twin`,
      taskQueue: 'nobody',
      typedSearchAttributes: [{ key: incidentAttributes.failureType, value: 'podCrash' }],
    };
    await temporal.client.workflow.start('podCrash', twin);
    while ((await found()) < 2);
    expect((await incidents('list', '--limit', '1')).out).toContain('1 of 2; see --limit, --type and --namespace.');

    const shown = JSON.parse((await incidents('show', id, '--json')).out);
    const link = `http://127.0.0.1:8233/namespaces/default/workflows/${encodeURIComponent(id)}/${shown.runId}`;
    expect(shown).toMatchObject({ id, state: 'open', phase: 'diagnosing', story: null, end: null, link });
  });

  it('says which incident does not exist', async () => {
    expect(await incidents('show', 'nothing')).toEqual({
      code: 1,
      out: '',
      err: `There is no incident "nothing" at ${temporal.address}. See "paramedic incidents list".\n`,
    });
  });
});
