import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { PERMISSIONS } from '../../clients/kubernetes/permissions.ts';

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

const file = join(import.meta.dirname, '..', '..', 'deploy', 'kubernetes', 'rbac.yaml');
const roles = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as { kind: string; rules?: Rule[] });
const grantedBy = (role: 'ClusterRole' | 'Role') =>
  roles
    .filter(({ kind }) => kind === role)
    .flatMap(({ rules = [] }) =>
      rules.flatMap(({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource} of "${group}"`))),
      ),
    );
const granted = grantedBy('ClusterRole');
const neededIn = (ownNamespace: boolean) =>
  PERMISSIONS.filter(({ inOwnNamespace = false }) => inOwnNamespace === ownNamespace).flatMap(({ group, resource, verbs }) =>
    verbs.map((verb) => `${verb} ${resource} of "${group}"`),
  );

describe('deploy/kubernetes/rbac.yaml', () => {
  it('grants exactly what the doctor says is needed, for reading as for writing (safety 35)', () => {
    expect(granted.sort()).toEqual(neededIn(false).sort());
    expect(grantedBy('Role').sort()).toEqual(neededIn(true).sort());
  });

  it('grants deletion only of runs that a retry made and of policies whose change holds them whole, so that nothing irreversible is done without a person (safety 17)', () => {
    const deleted = granted.filter((one) => /^(delete|\*)/.test(one) || one.includes('*'));
    expect(deleted.sort()).toEqual([
      'delete jobs of "batch"',
      'delete networkpolicies of "networking.k8s.io"',
      'delete pytorchjobs of "kubeflow.org"',
      'delete trainjobs of "trainer.kubeflow.org"',
      'delete workflows of "argoproj.io"',
    ]);
  });
});
