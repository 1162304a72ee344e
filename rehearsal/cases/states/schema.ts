import { z } from 'zod';
import { REMEDIES } from '../../../incident/remedy.ts';

const text = z.string().min(1).max(2_000);
const count = z.number().int().min(0).max(100);
const seconds = z.number().min(0).max(31_536_000);
const mebibytes = z.number().int().min(1);

const Exit = z
  .strictObject({
    code: z.number().int().min(0).max(255),
    reason: text.optional().describe("Kubernetes' reason; left out: OOMKilled for 137, Completed for 0, Error for the others."),
    says: text.optional().describe('Its last words.'),
  })
  .describe('How its container last ended.');

const Pod = z
  .strictObject({
    count: z.number().int().min(1).max(50).default(1).describe('So many of them.'),
    ready: z.boolean().optional().describe('Left out: it is, unless it fails by what else is said.'),
    release: z.number().int().min(1).optional().describe('The revision it is of; left out: the newest.'),
    waiting: text.optional().describe('Why its container does not run; left out: CrashLoopBackOff where it ended.'),
    message: text.optional().describe('What its kubelet says of that.'),
    exit: Exit.optional(),
    restarts: count.optional(),
    node: text.default('node-1'),
    unschedulable: text.optional().describe("Why no node takes it, in the scheduler's words."),
    disruption: text.optional().describe('Of a run: why the cluster ended it, such as Evicted.'),
  })
  .describe('A pod, or several that are alike.');

const Differs = z.enum([
  ...['image', 'command', 'environment', 'resources', 'ports', 'probes', 'volumes', 'pull', 'placement', 'account', 'labels', 'containers'],
  'other',
] as const);

const Release = z
  .strictObject({
    revisions: z.number().int().min(1).max(2).default(2).describe('How many releases history holds; the newest has the highest revision.'),
    ageSeconds: seconds.default(300).describe('Since the newest was made.'),
    differs: z
      .array(Differs)
      .optional()
      .describe('What it has otherwise than the one before; left out: its image, or of a model server what names its model.'),
  })
  .describe('Of a workload, or of what serves a model.');

const Memory = z
  .strictObject({
    limitMi: mebibytes.default(128),
    limitBeforeMi: mebibytes.optional().describe('Of the release before; left out: the same.'),
  })
  .describe('The memory limit of its one container.');

const Version = z.strictObject({
  version: text,
  validated: z.boolean().default(true),
  quarantined: z.boolean().default(false),
  loads: z.boolean().default(true).describe('The registry tells an address to load it from.'),
});

const Model = z
  .strictObject({
    name: text.default('churn'),
    wanted: text.describe('The version that it is to serve.'),
    serving: text.nullable().optional().describe('The version that answers; left out: the wanted one, null: none.'),
    versions: z.array(Version).min(1).max(50).describe('Those of the registry, the newest first.'),
    aliases: z.record(z.string(), z.string()).default({}).describe('Such as last-known-good: the version each is at.'),
    loads: z.boolean().default(true).describe('The controller says that the wanted version is loaded.'),
    failure: text.optional().describe('What it says of why not.'),
  })
  .describe('Of an InferenceService, the model that it serves.');

const Run = z
  .strictObject({
    state: z.enum(['running', 'suspended', 'completed', 'failed', 'stopped']),
    reason: text.optional().describe('Such as BackoffLimitExceeded, which it is for one that failed, if left out.'),
    says: text.optional().describe('The end of what its failed step said.'),
    code: z.number().int().min(0).max(255).optional().describe('The exit code of its failed step; 1, if left out.'),
    minutesAgo: z.number().min(0).max(100_000).default(15).describe('Since it began.'),
    minutes: z.number().min(0).max(100_000).default(5).describe('How long it took.'),
  })
  .describe('Of what runs to an end: one of its runs.');

const Schedule = z
  .strictObject({ cron: text.default('*/30 * * * *'), suspendedBy: z.enum(['person', 'paramedic']).nullable().default(null) })
  .describe('When it runs by itself; of a CronJob.');

const Autoscaler = z
  .strictObject({
    least: count.default(2),
    most: z.number().int().min(1).max(1_000),
    load: z.number().min(0).max(100).describe('How many times its target the load is; over 1 it wants more pods.'),
  })
  .describe('The HorizontalPodAutoscaler of the target, which has as many pods as it may.');

const Policy = z
  .strictObject({
    name: text,
    cuts: z.enum(['in', 'out']).describe('Nothing comes in, or nothing goes out.'),
    minutesAgo: z.number().min(0).max(1_000_000).default(5).describe('Since it was made.'),
  })
  .describe('A NetworkPolicy over its pods, made by hand.');

const Node = z.strictObject({
  name: text,
  ready: z.boolean().default(true),
  pressures: z.array(text).default([]),
  othersReady: count.default(0),
  othersNotReady: count.default(0),
});

/** How a target, and what stands around it, is. Every word that is left out stands for what is well. */
export const State = z
  .strictObject({
    gone: z.literal(true).optional().describe('The target does not exist any more.'),
    alertOver: z.boolean().default(false).describe('Its source says that the alert is over.'),
    pods: z.array(Pod).max(50).optional().describe('Left out: one that is ready.'),
    replicas: count.optional().describe('How many are wanted; left out: as many as there are.'),
    release: Release.prefault({}),
    memory: Memory.prefault({}),
    createFailure: text.optional().describe("Why no more pods can be made, in the API server's words."),
    rollingOut: z.boolean().default(false).describe('Its controller has not seen the newest spec yet.'),
    paused: z.boolean().default(false).describe('A person paused its rollout.'),
    model: Model.optional(),
    runs: z.array(Run).max(20).optional().describe('Newest first.'),
    schedule: Schedule.optional(),
    autoscaler: Autoscaler.optional(),
    room: count.default(50).describe('So many more of its pods would find a place.'),
    policies: z.array(Policy).max(20).default([]),
    nodes: z.array(Node).max(50).default([]).describe('Those that its pods are on.'),
    optOut: text.optional().describe('What its annotation paramedic.dev/opt-out says.'),
    managedBy: z.enum(['Argo CD', 'Flux', 'Helm']).optional().describe('The tool that keeps it.'),
    personAtWork: text.optional().describe('How a person is at work on it, as the end of a sentence.'),
    after: z
      .partialRecord(z.enum(REMEDIES), z.string())
      .default({})
      .describe('The state that each remedy leads to; by those that are not named it stays as it is.'),
  })
  .describe('How the target is.');

export type State = z.infer<typeof State>;
export type PodWords = z.infer<typeof Pod>;
export type RunWords = z.infer<typeof Run>;
export type ModelWords = z.infer<typeof Model>;
