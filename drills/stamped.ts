import type { NewObject } from '../clients/kubernetes/any-objects.ts';
import { DRILL_LABEL } from './marks.ts';

/** What a drill's objects go with: once it is deleted, Kubernetes deletes them. */
export interface Anchor {
  readonly name: string;
  readonly uid: string;
}

type Tree = Readonly<Record<string, unknown>>;

/** A run that nobody takes away any more, such as one that was tried once more, goes by itself. */
const RUN_LEFT_SECONDS = 3_600;

/** An object as a drill makes it: it and its pods bear the drill's id, it goes with the anchor, and its pods get no right. */
export function stamped(made: NewObject, id: string, anchor: Anchor): NewObject {
  const { name, uid } = anchor;
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name, uid, blockOwnerDeletion: false };
  const object = labelled(made as unknown as Tree, id);
  const withOwner = { ...object, metadata: { ...treeAt(object, 'metadata'), ownerReferences: [owner] } };
  return withTemplates(withOwner, id) as unknown as NewObject;
}

function withTemplates(object: Tree, id: string): Tree {
  const { kind } = object;
  if (kind !== 'Deployment' && kind !== 'StatefulSet' && kind !== 'Job' && kind !== 'CronJob') return object;
  const spec = treeAt(object, 'spec');
  if (kind !== 'CronJob') return { ...object, spec: workSpec(spec, id, kind === 'Job') };
  const job = labelled(treeAt(spec, 'jobTemplate'), id);
  return { ...object, spec: { ...spec, jobTemplate: { ...job, spec: workSpec(treeAt(job, 'spec'), id, true) } } };
}

function workSpec(spec: Tree, id: string, isRun: boolean): Tree {
  const template = labelled(treeAt(spec, 'template'), id);
  const pod = { automountServiceAccountToken: false, ...treeAt(template, 'spec') };
  return { ...(isRun ? { ttlSecondsAfterFinished: RUN_LEFT_SECONDS } : {}), ...spec, template: { ...template, spec: pod } };
}

function labelled(object: Tree, id: string): Tree {
  const metadata = treeAt(object, 'metadata');
  return { ...object, metadata: { ...metadata, labels: { ...treeAt(metadata, 'labels'), [DRILL_LABEL]: id } } };
}

function treeAt(object: Tree, field: string): Tree {
  return (object[field] ?? {}) as Tree;
}
