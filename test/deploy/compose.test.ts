import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSettings } from '../../worker/settings.ts';
import { type ComposeModel, loadCompose } from './compose-model.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SECRET = 'a-secret-of-sixteen-or-more';
const folder = mkdtempSync(join(tmpdir(), 'paramedic-compose-'));
const secretFile = join(folder, 'secret');
const required = {
  PARAMEDIC_CLUSTER: 'prod-eu',
  PARAMEDIC_KUBECONFIG: join(folder, 'kubeconfig'),
  POSTGRES_PASSWORD_FILE: secretFile,
  PARAMEDIC_GATEWAY_SECRET_FILE: secretFile,
};
const optional = {
  PARAMEDIC_LOG_LEVEL: 'debug',
  PARAMEDIC_ESCALATION_WEBHOOK_FILE: join(folder, 'webhook'),
  PARAMEDIC_MLFLOW_URL: 'https://mlflow.example',
  PARAMEDIC_MLFLOW_TOKEN_FILE: secretFile,
  TEMPORAL_NAMESPACE: 'incidents',
};
let minimal: ComposeModel;
let full: ComposeModel;

function modelWith(settings: Readonly<Record<string, string>>): ComposeModel {
  const loaded = loadCompose(settings);
  if ('fault' in loaded) throw new Error(loaded.fault);
  return loaded.model;
}

/** The environment of a service as its process would see it, but with secrets where this test put them. */
function environmentOf(model: ComposeModel, service: string): Record<string, string> {
  const environment = Object.entries(model.services[service]!.environment ?? {}).map(([name, value]) => [name, value ?? '']);
  return Object.fromEntries(environment.map(([name, value]) => [name, value!.startsWith('/run/secrets/') ? secretFile : value!]));
}

beforeAll(() => {
  writeFileSync(secretFile, `${SECRET}\n`);
  writeFileSync(optional.PARAMEDIC_ESCALATION_WEBHOOK_FILE, 'https://people.example/hook\n');
  minimal = modelWith(required);
  full = modelWith({ ...required, ...optional });
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('docker-compose.yml', () => {
  it('does not load, and names the variable, while one that must be set is missing', () => {
    for (const name of Object.keys(required)) {
      const loaded = loadCompose({ ...required, [name]: '' });
      expect('fault' in loaded && loaded.fault).toContain(`required variable ${name} is missing a value`);
    }
  }, 60_000);

  it('is refused by the schema when a service has a field the specification does not know', () => {
    const file = join(folder, 'docker-compose.yml');
    writeFileSync(file, readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8').replace('cap_drop:', 'cap_dropped:'));
    const loaded = loadCompose(required, file);
    expect('fault' in loaded && loaded.fault).toContain('cap_dropped');
  }, 60_000);

  it.each(['worker', 'gateway', 'watch'])('gives the %s only settings it knows, and all it needs', (service) => {
    for (const model of [minimal, full]) {
      const environment = environmentOf(model, service);
      const settings = readSettings(environment) as Readonly<Record<string, unknown>>;
      const given = Object.entries(environment).filter(([name, value]) => /^(PARAMEDIC|TEMPORAL)_/.test(name) && value !== '');
      for (const [name, value] of given) {
        const [known, meant] = name.endsWith('_FILE') ? [name.slice(0, -5), readFileSync(value, 'utf8').trim()] : [name, value];
        expect({ [known]: String(settings[known]) }).toEqual({ [known]: meant });
      }
    }
  });

  it('gives the gateway the secret senders must show', () => {
    expect(minimal.services.gateway?.environment?.PARAMEDIC_GATEWAY_SECRET_FILE).toBe('/run/secrets/gateway_secret');
    expect(minimal.services.gateway?.secrets?.map(({ source }) => source)).toContain('gateway_secret');
    expect(minimal.secrets.gateway_secret?.file).toBe(secretFile);
  });

  it('puts no secret into an environment', () => {
    const named = Object.values(full.services).flatMap(({ environment }) => Object.keys(environment ?? {}));
    expect(named.filter((name) => /SECRET|PASSWORD|TOKEN|API_KEY|WEBHOOK/.test(name) && !name.endsWith('_FILE'))).toEqual([]);
  });

  it('pins every image to a version, but its own', () => {
    const images = Object.values(minimal.services).map(({ image }) => image);
    expect(images.filter((image) => !/^[^:]+:\d+\.\d+(\.\d+)?(-[\w.-]+)?$/.test(image) && image !== 'paramedic:local')).toEqual([]);
  });

  it('publishes ports on the loopback address only', () => {
    const ports = Object.values(minimal.services).flatMap(({ ports }) => ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter(({ host_ip }) => host_ip !== '127.0.0.1')).toEqual([]);
  });

  it('runs nothing as root, and takes every privilege away', () => {
    for (const [name, service] of Object.entries(minimal.services)) {
      const { user, read_only, cap_drop, security_opt, privileged } = service;
      expect({ name, isNumberedUser: /^[1-9]\d*:[1-9]\d*$/.test(user ?? ''), read_only, cap_drop, security_opt, privileged }).toEqual({
        ...{ name, isNumberedUser: true, read_only: true, cap_drop: ['ALL'] },
        ...{ security_opt: ['no-new-privileges:true'], privileged: undefined },
      });
    }
  });

  it('bounds and checks every service', () => {
    for (const [name, { healthcheck, deploy }] of Object.entries(minimal.services)) {
      const limits = deploy?.resources?.limits;
      const hasCheck = (healthcheck?.test.length ?? 0) > 1 && !healthcheck?.disable;
      expect({ name, hasCheck }).toEqual({ name, hasCheck: true });
      expect({ name, cpus: !!limits?.cpus, memory: !!limits?.memory }).toEqual({ name, cpus: true, memory: true });
    }
  });

  it('starts what runs to its end again only where it failed, and all else always', () => {
    const jobs = Object.values(minimal.services).flatMap(({ depends_on }) =>
      Object.entries(depends_on ?? {}).flatMap(([on, { condition }]) => (condition === 'service_completed_successfully' ? on : [])),
    );
    expect([...new Set(jobs)].sort()).toEqual(['temporal-databases', 'temporal-namespace']);
    for (const [name, { restart }] of Object.entries(minimal.services))
      expect({ name, restart }).toEqual({ name, restart: jobs.includes(name) ? 'on-failure:10' : 'unless-stopped' });
  });

  it('asks the worker, the watch and the gateway at the port they are given whether they are ready', () => {
    const asked = (service: string) => minimal.services[service]?.healthcheck?.test.at(-1);
    for (const service of ['worker', 'watch'])
      expect(asked(service)).toBe(
        `http://127.0.0.1:${minimal.services[service]?.environment?.PARAMEDIC_HEALTH_ADDRESS?.split(':')[1]}/readyz`,
      );
    expect(asked('gateway')).toBe(`http://127.0.0.1:${minimal.services.gateway?.environment?.PARAMEDIC_GATEWAY_PORT}/readyz`);
  });

  it('starts nothing before what it needs is healthy or done', () => {
    const waits = (service: string) =>
      Object.entries(minimal.services[service]?.depends_on ?? {}).map(([on, { condition }]) => `${on} ${condition}`);
    expect(waits('temporal')).toEqual(['temporal-databases service_completed_successfully']);
    for (const service of ['worker', 'gateway', 'watch'])
      expect(waits(service).sort()).toEqual(['temporal service_healthy', 'temporal-namespace service_completed_successfully']);
  });

  it('explains every variable it reads in .env.example, and none besides', () => {
    const read = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8').matchAll(/\$\{(\w+)/g);
    const explained = readFileSync(join(ROOT, '.env.example'), 'utf8').matchAll(/^#?([A-Z_]+)=/gm);
    expect([...new Set([...explained].map(([, name]) => name))].sort()).toEqual([...new Set([...read].map(([, name]) => name))].sort());
  });

  it('is taken by the Compose on this machine, where there is one', () => {
    const programs = [['docker', 'compose'], ['docker-compose']] as const;
    const there = programs.filter(([program, ...args]) => spawnSync(program, [...args, 'version']).status === 0);
    for (const [program, ...args] of there) {
      const run = spawnSync(program, [...args, 'config', '--quiet'], { cwd: ROOT, env: { ...process.env, ...required }, encoding: 'utf8' });
      expect({ program, status: run.status, stderr: run.stderr }).toEqual({ program, status: 0, stderr: '' });
    }
  });
});
