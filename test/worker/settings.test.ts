import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseSettings, readSettings, SETTING_NAMES, unknownVariables } from '../../worker/settings.ts';

let folder: string;
let secretFile: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-settings-'));
  secretFile = join(folder, 'secret');
  writeFileSync(secretFile, 'one-secret-of-enough-length\nthe-secret-of-last-month\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('readSettings()', () => {
  it('needs nothing to be set', () => {
    expect(readSettings({})).toMatchObject({
      TEMPORAL_ADDRESS: '127.0.0.1:7233',
      TEMPORAL_NAMESPACE: 'default',
      PARAMEDIC_CLUSTER: 'local',
      PARAMEDIC_GATEWAY_HOST: '127.0.0.1',
      PARAMEDIC_GATEWAY_PORT: 8080,
      PARAMEDIC_GATEWAY_WITHOUT_SECRET: false,
      PARAMEDIC_HEALTH_ADDRESS: '127.0.0.1:8081',
      PARAMEDIC_LOG_LEVEL: 'info',
    });
  });

  it('takes several webhooks, one a line or parted by commas, in their order (safety 31)', () => {
    const PARAMEDIC_ESCALATION_WEBHOOK = 'https://one.example/a\n https://two.example/b, https://three.example/c\n';
    expect(readSettings({ PARAMEDIC_ESCALATION_WEBHOOK }).PARAMEDIC_ESCALATION_WEBHOOK).toEqual([
      'https://one.example/a',
      'https://two.example/b',
      'https://three.example/c',
    ]);
    expect(() => readSettings({ PARAMEDIC_ESCALATION_WEBHOOK: 'https://one.example/a,hush' })).toThrow(
      'PARAMEDIC_ESCALATION_WEBHOOK: must be a URL that begins with http:// or https://',
    );
    expect(() => readSettings({ PARAMEDIC_ESCALATION_WEBHOOK: ' , ' })).toThrow('PARAMEDIC_ESCALATION_WEBHOOK: must name a URL');
  });

  it('takes namespaces to watch and how long conditions must hold, and says which conditions there are', () => {
    const given = { PARAMEDIC_WATCH_NAMESPACES: 'ml, serving,ml', PARAMEDIC_WATCH_HOLD: 'KubePodNotReady=300, KubeHpaMaxedOut=off' };
    expect(readSettings(given)).toMatchObject({
      PARAMEDIC_WATCH_NAMESPACES: ['ml', 'serving'],
      PARAMEDIC_WATCH_HOLD: { KubePodNotReady: 300, KubeHpaMaxedOut: null },
    });
    expect(() => readSettings({ PARAMEDIC_WATCH_NAMESPACES: 'ML' })).toThrow(
      'PARAMEDIC_WATCH_NAMESPACES: must be names of namespaces, such as ml',
    );
    for (const wrong of ['KubePodNotReady', 'PodNotReady=300', 'KubePodNotReady=soon'])
      expect(() => readSettings({ PARAMEDIC_WATCH_HOLD: wrong })).toThrow(
        'KubeHpaMaxedOut=off; one is not: the conditions are KubePodCrashLooping, ',
      );
  });

  it('takes a variable that is set to nothing for one that is not set', () => {
    expect(readSettings({ PARAMEDIC_GATEWAY_SECRET: '', PARAMEDIC_GATEWAY_PORT: '' }).PARAMEDIC_GATEWAY_PORT).toBe(8080);
  });

  it('tells every fault at once, each with what would be right, and prints no secret (safety 34)', () => {
    const wrong = {
      TEMPORAL_ADDRESS: 'temporal',
      PARAMEDIC_CLUSTER: 'Prod',
      PARAMEDIC_GATEWAY_PORT: '70000',
      PARAMEDIC_GATEWAY_SECRET: 'hush',
      PARAMEDIC_ESCALATION_WEBHOOK: 'ftp://hush',
      PARAMEDIC_LOG_LEVEL: 'loud',
    };
    expect(() => readSettings(wrong)).toThrow(
      [
        'Cannot start: 6 settings in the environment are wrong.',
        '  TEMPORAL_ADDRESS: must be host:port, such as 127.0.0.1:7233',
        '  PARAMEDIC_CLUSTER: must be 1 to 63 lower-case letters, digits and hyphens, such as prod-eu',
        '  PARAMEDIC_ESCALATION_WEBHOOK: must be a URL that begins with http:// or https://',
        '  PARAMEDIC_GATEWAY_PORT: must be a port number from 0 to 65535; 0 takes a free one',
        '  PARAMEDIC_GATEWAY_SECRET: each secret must have at least 16 characters',
        '  PARAMEDIC_LOG_LEVEL: must be trace, debug, info, warn or error',
      ].join('\n'),
    );
  });

  it.each([
    [
      { TEMPORAL_TLS_CLIENT_CERT_PATH: '/does-not-exist' },
      'TEMPORAL_TLS_CLIENT_CERT_PATH: cannot read the file /does-not-exist: it does not exist',
    ],
    [{ TEMPORAL_TLS_SERVER_CA_CERT_PATH: tmpdir() }, `TEMPORAL_TLS_SERVER_CA_CERT_PATH: cannot read the file ${tmpdir()}: it is a folder`],
    [{ PARAMEDIC_WANDB_API_KEY: 'hush' }, 'PARAMEDIC_WANDB_API_KEY: needs PARAMEDIC_WANDB_ORGANIZATION as well'],
    [{ PARAMEDIC_WANDB_ORGANIZATION: 'acme' }, 'PARAMEDIC_WANDB_ORGANIZATION: needs PARAMEDIC_WANDB_API_KEY as well'],
    [
      { PARAMEDIC_CLEARML_URL: 'https://api.clear.ml', PARAMEDIC_CLEARML_ACCESS_KEY: 'hush' },
      'PARAMEDIC_CLEARML_URL: needs PARAMEDIC_CLEARML_SECRET_KEY as well',
    ],
    [
      { PARAMEDIC_CLEARML_PROJECT: 'p1' },
      'PARAMEDIC_CLEARML_PROJECT: needs PARAMEDIC_CLEARML_URL and PARAMEDIC_CLEARML_ACCESS_KEY and PARAMEDIC_CLEARML_SECRET_KEY as well',
    ],
    [{ PARAMEDIC_MLFLOW_URL: 'http://ann:hush@mlflow' }, 'PARAMEDIC_MLFLOW_URL: must not hold a user name or a password'],
    [{ PARAMEDIC_PROMETHEUS_URL: 'http://ann:hush@prometheus' }, 'PARAMEDIC_PROMETHEUS_URL: must not hold a user name or a password'],
    [{ PARAMEDIC_PROMETHEUS_URL: 'prometheus:9090' }, 'PARAMEDIC_PROMETHEUS_URL: must be a URL that begins with http:// or https://'],
    [{ PARAMEDIC_SLACK_SIGNING_SECRET: 'a-secret-of-enough-length' }, 'PARAMEDIC_SLACK_SIGNING_SECRET: needs PARAMEDIC_SLACK_TEAM as well'],
    [
      { PARAMEDIC_SLACK_SIGNING_SECRET: 'hush' },
      'PARAMEDIC_SLACK_SIGNING_SECRET: must be the signing secret of a Slack app, of at least 16 characters',
    ],
    [{ PARAMEDIC_SLACK_USERS: 'U012AB3CD, ann' }, 'PARAMEDIC_SLACK_USERS: must be ids of Slack users, such as U012AB3CD, parted by commas'],
    [{ PARAMEDIC_MLFLOW_USERNAME: 'ann' }, 'PARAMEDIC_MLFLOW_USERNAME: needs PARAMEDIC_MLFLOW_PASSWORD as well'],
    [
      { PARAMEDIC_MLFLOW_USERNAME: 'ann', PARAMEDIC_MLFLOW_PASSWORD: 'x', PARAMEDIC_MLFLOW_TOKEN: 'y' },
      'PARAMEDIC_MLFLOW_TOKEN: PARAMEDIC_MLFLOW_PASSWORD is set as well; keep one of the two',
    ],
    [
      { PARAMEDIC_GATEWAY_WITHOUT_SECRET: 'true', PARAMEDIC_GATEWAY_HOST: '0.0.0.0' },
      'PARAMEDIC_GATEWAY_WITHOUT_SECRET: is allowed only where PARAMEDIC_GATEWAY_HOST is a loopback address, such as 127.0.0.1; it is 0.0.0.0',
    ],
    [
      { PARAMEDIC_GATEWAY_PORT: 'tcp://10.0.0.1:80' },
      'PARAMEDIC_GATEWAY_PORT: must be a port number from 0 to 65535; 0 takes a free one; Kubernetes set it for a Service of that name: set enableServiceLinks: false on the pod',
    ],
    [
      { PARAMEDIC_GATEWAY_SECRET_FILE: '/does-not-exist' },
      'PARAMEDIC_GATEWAY_SECRET_FILE: cannot read the file /does-not-exist: it does not exist',
    ],
    [
      { PARAMEDIC_MLFLOW_TOKEN_FILE: '/does-not-exist', PARAMEDIC_MLFLOW_TOKEN: 'x' },
      'PARAMEDIC_MLFLOW_TOKEN_FILE: PARAMEDIC_MLFLOW_TOKEN is set as well; keep one of the two',
    ],
  ])('refuses %p', (environment, fault) => {
    expect(parseSettings(environment).faults).toContain(fault);
  });

  it('reads several gateway secrets from a file, one a line, so that they can be changed without a gap', () => {
    expect(readSettings({ PARAMEDIC_GATEWAY_SECRET_FILE: secretFile }).PARAMEDIC_GATEWAY_SECRET).toEqual([
      'one-secret-of-enough-length',
      'the-secret-of-last-month',
    ]);
  });
});

describe('unknownVariables()', () => {
  it('finds a setting that is spelt wrong', () => {
    expect(
      unknownVariables({ PARAMEDIC_GATEWAY_SECERT: 'x', PARAMEDIC_CACHE: 'x', PARAMEDIC_GATEWAY_SECRET_FILE: 'x', PATH: 'x' }),
    ).toEqual(['PARAMEDIC_GATEWAY_SECERT']);
  });
});

describe('docs/settings.md', () => {
  it('names every setting', () => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'settings.md'), 'utf8');
    expect(SETTING_NAMES.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
