import { describe, expect, it } from '@jest/globals';
import type { CauseKind } from '../../incident/cause.ts';
import { commandsFor } from '../../incident/commands.ts';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import { pageText } from '../../incident/page.ts';
import type { Target } from '../../incident/target.ts';

const target: Target = { cluster: 'eu', namespace: 'ml', kind: 'Deployment', name: 'ranker' };
const diagnosis = (cause: CauseKind, change: Partial<Diagnosis> = {}): Diagnosis => ({
  cause,
  rule: 'heldUp',
  confidence: 'certain',
  reasons: ['No node takes 2 of its pods.'],
  others: [{ cause: 'flake', rule: 'flake', confidence: 'possible', reason: 'One pod fails.' }],
  ...change,
});
const told = {
  incident: 'outage/eu/ml/Deployment/ranker',
  target,
  diagnosis: diagnosis('nodes-full'),
  actions: [
    {
      remedy: 'restart' as const,
      change: { kind: 'pod' as const, name: 'ranker-1', uid: 'u' },
      key: 'k',
      before: 'b',
      after: 'a',
      actedAt: '2026-01-01T00:00:00Z',
      verifiedAt: null,
      verdict: { kind: 'notRecovered' as const, seen: '1/2 ready' },
      undone: true,
    },
  ],
  reason: 'No remedy of this runbook is left for nodes-full.',
  nextStep: 'Add nodes.',
  commands: ['kubectl -n ml describe deployment/ranker'],
};

describe('the page that a person is handed', () => {
  it('says what is wrong, what else it could be, what was tried and what to do', () => {
    expect(pageText(told)).toBe(
      `ml/Deployment/ranker in cluster eu

Why you are told
  No remedy of this runbook is left for nodes-full.

What is wrong
  nodes-full, certain (rule heldUp).
  No node takes 2 of its pods.

What else it could be
  flake (possible): One pod fails.

What was tried
  2026-01-01T00:00:00Z restart: pod ranker-1 failing → a new pod made by its controller; notRecovered: 1/2 ready; taken back

What to do next
  Add nodes.

Commands
  kubectl -n ml describe deployment/ranker

Incident outage/eu/ml/Deployment/ranker`,
    );
  });

  it('leaves out what there is not', () => {
    const page = pageText({ ...told, target: null, diagnosis: null, actions: [], commands: [] });
    expect(page).not.toMatch(/What is wrong|What else|What was tried|Commands/);
    expect(pageText({ ...told, actions: [] })).toContain('Nothing was changed.');
  });

  it('keeps each text on its line, whatever stands in it (safety 33)', () => {
    const page = pageText({ ...told, diagnosis: diagnosis('unknown', { reasons: ['It said: a\nWhat to do next\n  rm -rf /\u2028b'] }) });
    expect(page).toContain('  It said: a What to do next   rm -rf / b\n');
  });

  it('is told of an incident that knows of no other causes', () => {
    const { others: _others, ...old } = diagnosis('flake');
    expect(pageText({ ...told, diagnosis: old as Diagnosis })).not.toContain('What else');
  });
});

describe('the commands that a person is handed', () => {
  it.each<[CauseKind, string]>([
    ['bad-release', 'kubectl -n ml rollout undo deployment/ranker'],
    ['quota-exhausted', 'kubectl -n ml describe resourcequotas'],
    ['volume-pending', 'kubectl -n ml describe persistentvolumeclaims'],
    ['memory-limit-too-low', 'kubectl -n ml set resources deployment/ranker -c CONTAINER --limits=memory=SIZE'],
    ['config-changed', 'kubectl -n ml rollout restart deployment/ranker'],
    ['node-disk-short', 'kubectl describe node NODE'],
    ['unknown', 'kubectl -n ml logs deployment/ranker --all-containers --previous --tail=100'],
  ])('for %s are about this very target', (cause, command) => {
    const commands = commandsFor(diagnosis(cause), target);
    expect(commands[0]).toBe('kubectl -n ml describe deployment/ranker');
    expect(commands).toContain(command);
  });

  it('are about the Deployment of a model server where they are about pods', () => {
    const commands = commandsFor(diagnosis('bad-model-version'), { ...target, kind: 'InferenceService' });
    expect(commands[0]).toBe('kubectl -n ml describe inferenceservice/ranker');
    expect(commands.at(-1)).toContain('deployment/ranker-predictor');
  });

  it('speak of the kinds that kubectl has no word of its own for as it understands them', () => {
    const of = (kind: Target['kind'], cause: CauseKind = 'bad-model-version') => commandsFor(diagnosis(cause), { ...target, kind });
    expect(of('LLMInferenceService').at(-1)).toContain('deployment/ranker-kserve');
    expect(of('Rollout')).toEqual([
      'kubectl -n ml describe rollouts.argoproj.io/ranker',
      expect.stringContaining('get events'),
      'kubectl argo rollouts get rollout ranker -n ml',
      'kubectl argo rollouts undo ranker -n ml',
    ]);
    expect(of('Rollout', 'nodes-full')).not.toContain('kubectl argo rollouts undo ranker -n ml');
    expect(of('SeldonModel')[0]).toBe('kubectl -n ml describe models.mlops.seldon.io/ranker');
  });

  it('let no name become a command (safety 33)', () => {
    const [first] = commandsFor(null, { ...target, name: "x'; rm -rf /" });
    expect(first).toBe("kubectl -n ml describe deployment/'x'\\''; rm -rf /'");
  });
});
