import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { pluralOf } from '../../drills/judge.ts';
import { DRILL_KINDS } from '../../drills/kinds.ts';
import { whyForbidden } from '../../drills/leave.ts';

const [namespace, role, binding] = parseAllDocuments(
  readFileSync(join(import.meta.dirname, '..', '..', 'deploy', 'kubernetes', 'drills.yaml'), 'utf8'),
).map((document) => document.toJS());

interface Rule {
  readonly apiGroups: readonly [string];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

describe('deploy/kubernetes/drills.yaml', () => {
  it('makes a namespace in which drills may be run, and gives rights in no other', () => {
    expect(whyForbidden(namespace.metadata.name, namespace.metadata, ['paramedic'])).toBeNull();
    expect([role, binding].map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['Role', namespace.metadata.name],
      ['RoleBinding', namespace.metadata.name],
    ]);
  });

  it('lets the worker make, change and delete every kind that a drill may make, and nothing else', () => {
    const granted = (role.rules as Rule[]).flatMap(({ apiGroups: [group], resources, verbs }) =>
      verbs.includes('create') ? resources.map((resource) => `${group}/${resource} ${verbs.join(' ')}`) : [],
    );
    const wanted = DRILL_KINDS.map(({ apiVersion, kind }) => {
      const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
      return `${group}/${pluralOf(kind)} get list create patch delete`;
    });
    expect(granted.sort()).toEqual(wanted.sort());
  });
});
