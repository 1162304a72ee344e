import { describe, expect, it } from '@jest/globals';
import type { V1Container, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import { differencesOf } from '../../clients/kubernetes/release/differences.ts';
import { referencesOf } from '../../clients/kubernetes/release/references.ts';

const SECRET = 'hunter2hunter2';

function template(container: Partial<V1Container> = {}, spec: Partial<V1PodSpec> = {}, metadata: object = {}): V1PodTemplateSpec {
  return {
    metadata: { labels: { app: 'ranker' }, ...metadata },
    spec: { containers: [{ name: 'main', image: 'ranker:1', ...container }], ...spec },
  };
}

const told = (to: V1PodTemplateSpec, from = template(), place = 'uid') => differencesOf(from, to, place);
const HASH = '#[0-9a-f]{8}';

describe('what differs between two releases', () => {
  it.each<[string, V1PodTemplateSpec, string, string]>([
    ['its image', template({ image: 'ranker:2' }), 'image', 'image of main: ranker:1 → ranker:2'],
    ['its command', template({ command: ['serve', SECRET] }), 'command', `command of main: none → ${HASH}`],
    ['a variable', template({ env: [{ name: 'TOKEN', value: SECRET }] }), 'environment', `env TOKEN of main: none → ${HASH}`],
    [
      'a variable from elsewhere',
      template({ env: [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'ranker', key: 'mode' } } }] }),
      'environment',
      'env MODE of main: none → key mode of ConfigMap ranker',
    ],
    [
      'a source of variables',
      template({ envFrom: [{ secretRef: { name: 'ranker' } }] }),
      'environment',
      'environment from Secret ranker of main: none → there',
    ],
    ['a limit', template({ resources: { limits: { memory: '1Gi' } } }), 'resources', 'limit of main for memory: none → 1Gi'],
    ['a request', template({ resources: { requests: { cpu: '2' } } }), 'resources', 'request of main for cpu: none → 2'],
    ['a port', template({ ports: [{ containerPort: 80 }] }), 'ports', 'ports of main: none → 80'],
    [
      'a probe',
      template({ readinessProbe: { httpGet: { port: 8080, path: '/ready' }, periodSeconds: 5 } }),
      'probes',
      'readinessProbe of main: none → GET :8080/ready, every 5 s',
    ],
    [
      'what a probe runs',
      template({ livenessProbe: { exec: { command: ['check', SECRET] } } }),
      'probes',
      `livenessProbe of main: none → command ${HASH}`,
    ],
    ['a node selector', template({}, { nodeSelector: { pool: 'a100' } }), 'placement', 'node selector pool: none → a100'],
    [
      'a toleration',
      template({}, { tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }] }),
      'placement',
      'tolerations: none → gpu:NoSchedule',
    ],
    ['an affinity', template({}, { affinity: { nodeAffinity: {} } }), 'placement', `affinity: none → ${HASH}`],
    ['its account', template({}, { serviceAccountName: 'robot' }), 'account', 'service account: default → robot'],
    ['its pull secrets', template({}, { imagePullSecrets: [{ name: 'hub' }] }), 'pull', 'pulls with: none → hub'],
    [
      'a volume',
      template({}, { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'd' } }] }),
      'volumes',
      `volume data: none → PersistentVolumeClaim d ${HASH}`,
    ],
    ['a label', template({}, {}, { labels: { app: 'ranker', tier: 'gold' } }), 'labels', 'label tier: none → gold'],
    ['an annotation', template({}, {}, { annotations: { note: SECRET } }), 'other', `annotation note: none → ${HASH}`],
    ['another setting of a container', template({ tty: true }), 'other', `further settings of main: ${HASH} → ${HASH}`],
    ['another setting of the pod', template({}, { hostPID: true }), 'other', `further settings of the pod: ${HASH} → ${HASH}`],
  ])('is %s, told with no value that may be a secret (safety 34)', (_case, to, what, text) => {
    const found = told(to);
    expect(found).toEqual([{ what, text: expect.stringMatching(new RegExp(`^${text.replaceAll(/[.*+?()]/g, '\\$&')}$`)) }]);
    expect(JSON.stringify(found)).not.toContain(SECRET);
    expect(differencesOf(to, template(), 'uid')).toHaveLength(1);
  });

  it('is nothing where only the Deployment controller or a restart wrote something', () => {
    const labels = { app: 'ranker', 'pod-template-hash': 'x' };
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' };
    expect(told(template({}, {}, { labels, annotations }))).toEqual([]);
  });

  it('names containers that came and went', () => {
    const two = template(
      {},
      {
        containers: [
          { name: 'main', image: 'ranker:1' },
          { name: 'proxy', image: 'proxy:1' },
        ],
      },
    );
    const init = template({}, { initContainers: [{ name: 'migrate', image: 'm:1' }] });
    expect(told(two)).toEqual([{ what: 'containers', text: 'container proxy: none → proxy:1' }]);
    expect(told(template(), init)).toEqual([{ what: 'containers', text: 'init container migrate: m:1 → none' }]);
  });

  it('tells a value by a sign that is another one in another place', () => {
    const to = template({ env: [{ name: 'TOKEN', value: SECRET }] });
    expect(told(to, template(), 'a')).not.toEqual(told(to, template(), 'b'));
    expect(told(to, template(), 'a')).toEqual(told(to, template(), 'a'));
  });
});

describe('what a release refers to', () => {
  it('is all that its pods cannot start without, each once with its keys', () => {
    const to = template(
      {
        env: [
          { name: 'A', valueFrom: { configMapKeyRef: { name: 'config', key: 'a' } } },
          { name: 'B', valueFrom: { configMapKeyRef: { name: 'config', key: 'b' } } },
          { name: 'C', valueFrom: { secretKeyRef: { name: 'maybe', key: 'c', optional: true } } },
        ],
        envFrom: [{ secretRef: { name: 'whole' } }],
      },
      {
        serviceAccountName: 'robot',
        volumes: [
          { name: 'v', persistentVolumeClaim: { claimName: 'data' } },
          { name: 'p', projected: { sources: [{ configMap: { name: 'projected', items: [{ key: 'k', path: 'k' }] } }] } },
          { name: 's', secret: { secretName: 'mounted' } },
        ],
      },
    );
    expect(referencesOf(to, undefined).map(({ kind, name, keys }) => `${kind}/${name}:${keys}`)).toEqual([
      'ConfigMap/config:a,b',
      'Secret/whole:',
      'PersistentVolumeClaim/data:',
      'ConfigMap/projected:k',
      'Secret/mounted:',
      'ServiceAccount/robot:',
    ]);
  });

  it('was there before only where the release before it needs the same keys', () => {
    const needs = (key: string) => template({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'config', key } } }] });
    expect(referencesOf(needs('a'), needs('a'))[0]?.inPrevious).toBe(true);
    expect(referencesOf(needs('a'), needs('b'))[0]?.inPrevious).toBe(false);
    expect(referencesOf(needs('a'), template())[0]?.inPrevious).toBe(false);
  });
});
