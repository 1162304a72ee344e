import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { readSettings } from '../../worker/settings.ts';
import { bringUpOnly } from '../sandbox/bring-up-only.ts';

const MANIFESTS = join(import.meta.dirname, '..', '..', 'deploy', 'kubernetes', 'paramedic.yaml');
const objects = parseAllDocuments(readFileSync(MANIFESTS, 'utf8')).map((document) => document.toJS());
const pods = objects.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec.template.spec);
const PLURALS: Readonly<Record<string, string>> = { NetworkPolicy: 'networkpolicies' };

let dataDir: string;
let sandbox: Sandbox;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'paramedic-'));
  sandbox = await bringUpOnly(['etcd', 'kube-apiserver'], dataDir);
}, 3_600_000);
afterAll(async () => {
  await sandbox?.down();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

/** Offers an object to the API server, which checks every field and keeps nothing. */
async function tryOut(object: { apiVersion: string; kind: string; metadata: { name: string; namespace: string } }) {
  const config = new KubeConfig();
  config.loadFromFile(sandbox.addresses.kubeconfigPath);
  const { apiVersion, kind, metadata } = object;
  const plural = PLURALS[kind] ?? `${kind.toLowerCase()}s`;
  const group = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
  const query = 'dryRun=All&fieldValidation=Strict&fieldManager=test';
  const url = `${config.getCurrentCluster()!.server}/${group}/namespaces/${metadata.namespace}/${plural}/${metadata.name}?${query}`;
  const options = { method: 'PATCH', headers: { 'content-type': 'application/apply-patch+yaml' } };
  await config.applyToHTTPSOptions(options);
  return new Promise<{ readonly code: number | undefined; readonly body: string }>((resolve, reject) => {
    const call = request(url, options, async (answer) => {
      resolve({ code: answer.statusCode, body: Buffer.concat(await answer.toArray()).toString() });
    });
    call.once('error', reject);
    call.end(JSON.stringify(object));
  });
}

describe('deploy/kubernetes/paramedic.yaml', () => {
  it.each(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]))(
    'is taken by a real API server: %s',
    async (_, object) => {
      const { code, body } = await tryOut(object);
      expect({ code, reason: code === 201 ? '' : body }).toEqual({ code: 201, reason: '' });
    },
  );

  it('would be refused for a field that Kubernetes does not know', async () => {
    const [deployment] = structuredClone(objects.filter(({ kind }) => kind === 'Deployment'));
    deployment.spec.template.spec.containers[0].livenessProb = {};
    expect((await tryOut(deployment)).body).toContain('livenessProb');
  });

  it('gives only settings that are known', () => {
    const { data } = objects.find(({ kind }) => kind === 'ConfigMap');
    const secretFile = join(dataDir, 'gateway-secret');
    writeFileSync(secretFile, 'a-secret-of-sixteen-or-more');
    const settings = readSettings({ ...data, PARAMEDIC_GATEWAY_SECRET_FILE: secretFile }) as Readonly<Record<string, unknown>>;
    expect(Object.fromEntries(Object.keys(data).map((name) => [name, settings[name]]))).toEqual(data);
    const named = pods.flatMap(({ containers }) => containers[0].env ?? []).map(({ name }: { name: string }) => name);
    expect(named).toEqual(['PARAMEDIC_GATEWAY_SECRET_FILE']);
    expect(String(settings.PARAMEDIC_GATEWAY_SECRET)).toBe('a-secret-of-sixteen-or-more');
  });

  it('runs all processes without privileges, and probes them', () => {
    expect(pods.map(({ containers }) => containers[0].args)).toEqual([['worker'], ['gateway'], ['watch']]);
    for (const { securityContext, containers, enableServiceLinks, serviceAccountName } of pods) {
      expect({ securityContext, enableServiceLinks, serviceAccountName }).toMatchObject({
        ...{ securityContext: { runAsNonRoot: true, runAsUser: 10001 }, enableServiceLinks: false, serviceAccountName: 'paramedic' },
      });
      const [{ livenessProbe, readinessProbe, startupProbe, resources, securityContext: own }] = containers;
      expect([startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet.path)).toEqual(['/healthz', '/healthz', '/readyz']);
      expect(own).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
      expect(resources.limits.memory).toBeDefined();
    }
  });
});
