import { describe, expect, it } from '@jest/globals';
import type { V1PodTemplateSpec } from '@kubernetes/client-node';
import { addressIn, addressOperations, type FoundAddress, placeOf } from '../../../clients/serving/model-place.ts';

const template: V1PodTemplateSpec = {
  metadata: { annotations: { 'serving.example/model~uri': 's3://models/churn/2' } },
  spec: {
    initContainers: [{ name: 'fetch', args: ['--quiet', '--from', 's3://models/churn/2', '--to', '/models'] }],
    containers: [
      { name: 'proxy', image: 'proxy:1' },
      {
        name: 'server',
        image: 'registry.example/churn:2',
        command: ['serve', '--name=churn'],
        args: ['--port=80', '--model=models:/churn/1', '--model=models:/churn/2', '--alone'],
        env: [
          { name: 'MODEL_URI', value: 's3://models/churn/1' },
          { name: 'MODEL_URI', value: 's3://models/churn/2' },
          { name: 'FROM_SECRET', valueFrom: { secretKeyRef: { name: 'x', key: 'y' } } },
          { name: 'WITH_PASSWORD', value: 'https://me:hunter2hunter2@models.example/churn/2' },
        ],
      },
    ],
  },
};

const at = (value: string): FoundAddress => {
  const place = placeOf(value, 'Deployment ml/churn');
  if (typeof place === 'string') throw new Error(place);
  return addressIn(place, template);
};

function patched(value: string): readonly object[] {
  const found = at(value);
  if (found.kind === 'none') throw new Error(found.why);
  return addressOperations(found, 'NEW', '/spec/template');
}

describe('the place of a model version in a pod template', () => {
  it.each([
    ['env/server/MODEL_URI', 's3://models/churn/2', '/spec/template/spec/containers/1/env/1/value', 's3://models/churn/2', 'NEW'],
    [
      'annotation/serving.example/model~uri',
      's3://models/churn/2',
      '/spec/template/metadata/annotations/serving.example~1model~0uri',
      's3://models/churn/2',
      'NEW',
    ],
    ['image/server', 'registry.example/churn:2', '/spec/template/spec/containers/1/image', 'registry.example/churn:2', 'NEW'],
    ['argument/server/--model', 'models:/churn/2', '/spec/template/spec/containers/1/args/2', '--model=models:/churn/2', '--model=NEW'],
    ['argument/fetch/--from', 's3://models/churn/2', '/spec/template/spec/initContainers/0/args/2', 's3://models/churn/2', 'NEW'],
    ['argument/server/--name', 'churn', '/spec/template/spec/containers/1/command/1', '--name=churn', '--name=NEW'],
  ])(
    '%s is read where it stands, the last where it stands twice, and written only over what was read',
    (value, address, path, from, to) => {
      expect(at(value)).toMatchObject({ kind: 'found', address });
      expect(patched(value)).toEqual([
        { op: 'test', path, value: from },
        { op: 'replace', path, value: to },
      ]);
    },
  );

  it.each([
    ['env/nothing/MODEL_URI', 'has no container nothing'],
    ['env/server/NOTHING', 'gives container server no variable NOTHING'],
    ['env/server/FROM_SECRET', 'gives container server no value of its own for FROM_SECRET, only one from elsewhere'],
    ['env/server/WITH_PASSWORD', 'holds at variable WITH_PASSWORD of server what looks like a credential, which is not touched'],
    ['annotation/nothing', 'has no annotation nothing'],
    ['argument/server/--nothing', 'gives container server no option --nothing'],
    ['argument/server/--alone', 'gives container server the option --alone without a value'],
  ])('%s, where nothing usable stands, says so', (value, why) => {
    expect(at(value)).toEqual({ kind: 'none', why });
  });

  it.each([
    '',
    'env',
    'env/server',
    'env//MODEL_URI',
    'environment/server/MODEL_URI',
    'image/server/x',
    'argument/server/model',
    'annotation/',
  ])('"%s" is refused, naming the annotation, its value and what would be right', (value) => {
    expect(placeOf(value, 'Deployment ml/churn')).toBe(
      `The Deployment ml/churn has annotation paramedic.dev/model-at "${value}", which is no place in a pod template; right would be env/CONTAINER/VARIABLE, annotation/NAME, image/CONTAINER or argument/CONTAINER/OPTION, such as env/server/MODEL_URI or argument/server/--model.`,
    );
  });
});
