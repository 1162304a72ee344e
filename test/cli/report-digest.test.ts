import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePort } from '../../worker/listen.ts';
import { temporalProgram } from '../temporal-program.ts';
import { BOT_TOKEN, openSlackDouble, type SlackDouble } from '../vendors/slack/double.ts';
import { type ApiServerDouble, startApiServerDouble } from './api-server-double.ts';
import { runParamedic, startParamedic, untilReady } from './run-paramedic.ts';

jest.setTimeout(120_000);

const CHANNEL = 'C0WEEKLY';

let cluster: ApiServerDouble;
let slack: SlackDouble;
let data: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  await temporalProgram();
  cluster = await startApiServerDouble();
  slack = await openSlackDouble();
  data = join(cluster.folder, 'digest');
  environment = { KUBECONFIG: cluster.kubeconfig, PARAMEDIC_GATEWAY_PORT: String(await freePort()) };
}, 3_600_000);

afterAll(async () => {
  await slack?.close();
  await cluster?.close();
});

async function withUp<T>(more: NodeJS.ProcessEnv, use: () => Promise<T>): Promise<T> {
  const up = startParamedic(['up', '--data', data], { ...environment, ...more });
  await untilReady(up, `http://127.0.0.1:${environment.PARAMEDIC_GATEWAY_PORT}`);
  try {
    return await use();
  } finally {
    up.child.kill('SIGTERM');
    await up.ended;
  }
}

const digest = (...args: readonly string[]) => runParamedic(['report', 'digest', '--data', data, ...args], environment);

describe('paramedic report digest, with the processes that users run', () => {
  it('is posted by a worker that has a token of Slack', async () => {
    const ran = await withUp({ PARAMEDIC_SLACK_BOT_TOKEN: BOT_TOKEN, PARAMEDIC_SLACK_URL: slack.url }, () =>
      digest('--channel', CHANNEL, '--now'),
    );
    expect(ran).toMatchObject({ code: 0, out: `Posted in ${CHANNEL}.\n` });
    expect(slack.messages.map(({ channel }) => channel)).toEqual([CHANNEL]);
  });

  it('says which setting is missing where the worker has none', async () => {
    const ran = await withUp({}, () => digest('--channel', CHANNEL, '--now'));
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(/It could not be posted: .*PARAMEDIC_SLACK_BOT_TOKEN of the worker is not set\. See http:\/\/127\.0\.0\.1:/);
  });
});
