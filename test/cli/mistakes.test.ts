import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { REMEDIES } from '../../incident/remedy.ts';
import { freePort } from '../../worker/listen.ts';
import { type ApiServerDouble, kubeconfigFor, startApiServerDouble } from './api-server-double.ts';
import { home, runParamedic } from './run-paramedic.ts';

// Each starts processes of its own, on a machine that may be busy.
jest.setTimeout(60_000);

let cluster: ApiServerDouble;
let nothingListens: string;
beforeAll(async () => {
  cluster = await startApiServerDouble();
  nothingListens = `127.0.0.1:${await freePort()}`;
});
afterAll(() => cluster.close());

const secret = { PARAMEDIC_GATEWAY_SECRET: 'a-secret-of-enough-length' };

/** A new user’s mistake, and the sentence that helps: on standard error, with a non-zero exit, and nothing else printed. */
async function expectMistake(args: string[], environment: NodeJS.ProcessEnv, sentence: string, code = 1): Promise<void> {
  expect(await runParamedic(args, environment)).toEqual({ code, out: '', err: `${sentence}\n` });
}

describe('a new user’s mistake is told in one sentence', () => {
  it('no kubeconfig', () =>
    expectMistake(
      ['up'],
      {},
      `Cannot find a cluster: KUBECONFIG is not set and ${home}/.kube/config does not exist. Set KUBECONFIG, or try "paramedic sandbox up" for a cluster on this machine.`,
    ));

  it('a kubeconfig that does not exist', () =>
    expectMistake(
      ['worker'],
      { KUBECONFIG: '/does-not-exist' },
      'Cannot find a cluster: KUBECONFIG names /does-not-exist, which does not exist.',
    ));

  it('a cluster that is not there', async () => {
    const kubeconfig = join(cluster.folder, 'gone');
    writeFileSync(kubeconfig, kubeconfigFor(`http://${nothingListens}`));
    await expectMistake(
      ['up'],
      { KUBECONFIG: kubeconfig },
      `Cannot reach the Kubernetes cluster "test" at http://${nothingListens}: nothing listens there (connection refused). Check that it runs, or choose another one with KUBECONFIG or "kubectl config use-context NAME".`,
    );
  });

  it('no Temporal, when asked for incidents', () =>
    expectMistake(
      ['incidents', 'list', '--json'],
      { TEMPORAL_ADDRESS: nothingListens },
      `Cannot reach Temporal at ${nothingListens} (TEMPORAL_ADDRESS): nothing listens there (connection refused). Start a Temporal server there, or set TEMPORAL_ADDRESS to where one is.`,
    ));

  it('no secret for the gateway', () =>
    expectMistake(
      ['gateway'],
      { KUBECONFIG: cluster.kubeconfig },
      'Cannot start the gateway: PARAMEDIC_GATEWAY_SECRET is not set, and senders of alerts must show it. Set it, or PARAMEDIC_GATEWAY_SECRET_FILE, to a secret of at least 16 characters.',
    ));

  it('a setting that makes no sense', () =>
    expectMistake(
      ['gateway'],
      { PARAMEDIC_GATEWAY_PORT: 'http' },
      'Cannot start: a setting in the environment is wrong.\n  PARAMEDIC_GATEWAY_PORT: must be a port number from 0 to 65535; 0 takes a free one',
    ));

  it('a broken runbook, with its place', async () => {
    const folder = join(cluster.folder, 'broken');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.yaml'), 'name: a\nfailureType: podCrash\nmatch: { alerts: [A] }\nremedies: [reboot]\n');
    const fault = `${folder}/a.yaml:4:12 remedies.0: Invalid option: expected one of ${REMEDIES.map((name) => `"${name}"`).join('|')}`;
    const environment = { KUBECONFIG: cluster.kubeconfig, PARAMEDIC_RUNBOOKS: folder };
    await expectMistake(['worker'], environment, `Cannot start with faulty runbooks:\n  ${fault}`);
    await expectMistake(['lint', folder], {}, fault);
    const { code, out } = await runParamedic(['lint', folder, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ runbooks: 0, faults: [{ line: 4, column: 12, path: 'remedies.0' }] });
  });

  it('a channel without its secret', async () => {
    const folder = join(cluster.folder, 'channels');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.yaml'), 'name: a\nfailureType: podCrash\nmatch: { alerts: [A] }\nremedies: [restart]\n');
    writeFileSync(join(folder, 'channels.yaml'), 'channels: { ml-oncall: { kind: pagerDuty } }\n');
    const environment = { KUBECONFIG: cluster.kubeconfig, PARAMEDIC_RUNBOOKS: folder };
    const fault =
      'PARAMEDIC_CHANNEL_ML_ONCALL: is not set; it must be the routing key of an integration of the kind Events API v2 (channel "ml-oncall" of channels.yaml)';
    await expectMistake(['worker'], environment, `Cannot start: people cannot be told as channels.yaml says.\n  ${fault}`);
    const { findings } = JSON.parse((await runParamedic(['doctor', '--json'], environment)).out);
    expect(findings).toContainEqual({
      ...{ check: 'escalation', result: 'fail', what: fault },
      fix: 'Set it in the environment of the worker, or take the channel out of channels.yaml.',
    });
  });

  it('a command that does not exist, with the one that was meant', () =>
    expectMistake(['wroker'], {}, 'error: unknown command \'wroker\'\n(Did you mean worker?)\n(see "paramedic --help")', 2));

  it('an option that does not exist', () =>
    expectMistake(['worker', '--port'], {}, 'error: unknown option \'--port\'\n(see "paramedic --help")', 2));

  it('a part or a port of the sandbox that does not exist, or makes no sense', async () => {
    const ended = async (...args: string[]) => (await runParamedic(['sandbox', ...args], { PARAMEDIC_CACHE: home })).err;
    expect(await ended('kill', 'redis')).toContain('There is no part called redis; there are containerd, temporal, ');
    expect(await ended('up', '--with', 'redis')).toContain('There is no part called redis; there are containerd, temporal, ');
    expect(await ended('up', '--port', 'redis=6379')).toContain('There is no port called redis; there are temporal, temporal-ui, ');
    expect(await ended('up', '--port', '7233')).toContain('It is written as NAME=NUMBER, such as temporal=7233.');
    expect(await ended('up', '--port', 'temporal=0')).toContain('A port is a number from 1 to 65535.');
    expect(await runParamedic(['sandbox', 'kill', 'etcd'], { PARAMEDIC_CACHE: home })).toEqual({
      code: 1,
      out: '',
      err: 'Cannot kill etcd: the sandbox is not up.\n',
    });
  });

  it('a port that is taken', async () => {
    const port = new URL(cluster.url).port;
    await expectMistake(
      ['gateway'],
      { KUBECONFIG: cluster.kubeconfig, ...secret, PARAMEDIC_GATEWAY_PORT: port },
      `Cannot listen on 127.0.0.1:${port} (PARAMEDIC_GATEWAY_PORT): the port is taken by another process. Choose another one, or 0 for a free one.`,
    );
  });

  it('Temporal away for longer than the process waits, with a line for each try', async () => {
    const environment = {
      KUBECONFIG: cluster.kubeconfig,
      PARAMEDIC_HEALTH_ADDRESS: '127.0.0.1:0',
      PARAMEDIC_CONNECT_SECONDS: '1',
      TEMPORAL_ADDRESS: nothingListens,
    };
    const { code, err } = await runParamedic(['worker'], environment);
    const [first, ...rest] = err.trim().split('\n');
    expect(code).toBe(1);
    expect(JSON.parse(first!)).toMatchObject({ level: 40, temporal: nothingListens, msg: 'Temporal cannot be reached; trying again.' });
    expect(rest.at(-1)).toBe(
      `Cannot reach Temporal at ${nothingListens} (TEMPORAL_ADDRESS), tried for 1 s: nothing listens there (connection refused). Start a Temporal server there, or set TEMPORAL_ADDRESS to where one is.`,
    );
  });
});

describe('help', () => {
  it.each([
    'up',
    'worker',
    'gateway',
    'freeze',
    'guards',
    'guards reset',
    'thaw',
    'incidents list',
    'incidents show',
    'doctor',
    'lint',
    'schema',
    'simulate',
    'sandbox up',
    'sandbox down',
    'sandbox status',
    'sandbox kill',
    'sandbox start',
    'sandbox restart',
  ])('of "%s" ends with an example', async (command) => {
    const { code, out } = await runParamedic([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Examples?:[\\s\\S]*paramedic ${command}`));
  });
});
