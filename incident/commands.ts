import type { CauseKind } from './cause.ts';
import type { Diagnosis } from './diagnosis.ts';
import { PIPELINE_COMMANDS } from './pipeline-commands.ts';
import { isOutsideKind, isPipelineKind, type Target, type TargetKind } from './target.ts';

/** A target, as it stands in commands. */
interface Where {
  /** `kubectl` with its namespace. */
  readonly kubectl: string;
  /** What holds its pod template, as `deployment/ranker`. */
  readonly workload: string;
}

const NODES = 'kubectl get nodes -o wide';
const ALLOCATABLE =
  "kubectl get nodes -o custom-columns='NAME:.metadata.name,CPU:.status.allocatable.cpu,MEMORY:.status.allocatable.memory,PODS:.status.allocatable.pods'";

const warnings = ({ kubectl }: Where) => `${kubectl} get events --field-selector type=Warning --sort-by=.lastTimestamp`;
const lastLogs = ({ kubectl, workload }: Where) => `${kubectl} logs ${workload} --all-containers --previous --tail=100`;
const history = ({ kubectl, workload }: Where) => `${kubectl} rollout history ${workload}`;
const usage = ({ kubectl }: Where) => `${kubectl} top pods --containers --sort-by=memory`;
const placing = ({ kubectl, workload }: Where) =>
  `${kubectl} get ${workload} -o jsonpath='{.spec.template.spec.nodeSelector}{.spec.template.spec.affinity}{.spec.template.spec.tolerations}'`;
const asking = ({ kubectl, workload }: Where) =>
  `${kubectl} get ${workload} -o jsonpath='{range .spec.template.spec.containers[*]}{.name}{" "}{.resources}{"\\n"}{end}'`;
const referred = ({ kubectl }: Where) => `${kubectl} get configmaps,secrets,serviceaccounts,persistentvolumeclaims`;
const restart = ({ kubectl, workload }: Where) => `${kubectl} rollout restart ${workload}`;

/** What to run for a cause, after a look at the target itself. */
const BY_CAUSE: Partial<Record<CauseKind, readonly ((where: Where) => string)[]>> = {
  'bad-release': [history, lastLogs, ({ kubectl, workload }) => `${kubectl} rollout undo ${workload}`],
  'image-missing': [
    ({ kubectl, workload }) => `${kubectl} get ${workload} -o jsonpath='{.spec.template.spec.containers[*].image}'`,
    ({ kubectl }) => `${kubectl} get secrets --field-selector type=kubernetes.io/dockerconfigjson`,
  ],
  'bad-config': [referred, ({ kubectl, workload }) => `${kubectl} get ${workload} -o yaml`],
  'config-changed': [
    ({ kubectl }) => `${kubectl} get configmaps,secrets -o yaml --show-managed-fields | grep -E 'name:|manager:|time:'`,
    lastLogs,
    restart,
  ],
  'memory-limit-too-low': [
    usage,
    asking,
    ({ kubectl, workload }) => `${kubectl} set resources ${workload} -c CONTAINER --limits=memory=SIZE`,
  ],
  'memory-leak': [usage, restart],
  'node-memory-short': [usage, NODES, 'kubectl top nodes', 'kubectl describe node NODE'].map(asCommand),
  'node-disk-short': [NODES, 'kubectl describe node NODE'].map(asCommand),
  'probe-failing': [
    ({ kubectl, workload }) => `${kubectl} get ${workload} -o jsonpath='{.spec.template.spec.containers[*].readinessProbe}'`,
    ({ kubectl, workload }) => `${kubectl} logs ${workload} --all-containers --tail=100`,
    ({ kubectl, workload }) => `${kubectl} port-forward ${workload} LOCAL:PORT`,
  ],
  'quota-exhausted': [({ kubectl }) => `${kubectl} describe resourcequotas`, asking],
  'pod-refused': [({ kubectl }) => `${kubectl} describe limitranges`, asking],
  'taint-not-tolerated': [asCommand("kubectl get nodes -o custom-columns='NAME:.metadata.name,TAINTS:.spec.taints[*].key'"), placing],
  'affinity-unsatisfiable': [asCommand('kubectl get nodes --show-labels'), placing],
  'volume-pending': [
    ({ kubectl }) => `${kubectl} describe persistentvolumeclaims`,
    asCommand('kubectl get persistentvolumes,storageclasses'),
    asCommand('kubectl get volumeattachments'),
  ],
  'gpu-short': [asCommand("kubectl get nodes -o custom-columns='NAME:.metadata.name,GPU:.status.allocatable.nvidia\\.com/gpu'"), asking],
  'too-large-for-any-node': [asCommand(ALLOCATABLE), asking],
  'nodes-full': [asCommand(ALLOCATABLE), asCommand('kubectl top nodes'), asking],
  unschedulable: [asCommand(ALLOCATABLE), placing, asking],
  flake: [lastLogs, asCommand(NODES)],
  'rolling-out': [({ kubectl, workload }) => `${kubectl} rollout status ${workload} --timeout=10s`, history],
  'bad-model-version': [lastLogs],
  unknown: [lastLogs],
};

/** Commands with which a person looks closer at a target and mends it by hand: first the target itself, then what its cause calls for. */
export function commandsFor(diagnosis: Diagnosis | null, { namespace, kind, name }: Target): readonly string[] {
  const own = isPipelineKind(kind) ? (PIPELINE_COMMANDS[kind]?.(quoted(name), quoted(namespace)) ?? []) : [];
  if (isOutsideKind(kind)) return own;
  const kubectl = `kubectl -n ${quoted(namespace)}`;
  const object = `${RESOURCES[kind] ?? kind.toLowerCase()}/${quoted(name)}`;
  const made = MADE[kind];
  const where = { kubectl, workload: made ? `deployment/${quoted(made(name))}` : object };
  const cause = diagnosis?.cause ?? 'unknown';
  const look = [`${kubectl} describe ${object}`, warnings(where)];
  // What holds its pods is its system's own matter, so that commands about a pod template say nothing of it.
  if (own.length > 0) return [...look, ...own];
  if (kind === 'Rollout') return [...look, ...rolloutCommands(cause, `${quoted(name)} -n ${quoted(namespace)}`)];
  // Its pods are not its own, and those of many others.
  if (kind === 'SeldonModel') return [...look, `${kubectl} get servers.mlops.seldon.io`];
  return [...look, ...(BY_CAUSE[cause] ?? []).map((command) => command(where))];
}

/** How `kubectl` calls a kind whose name alone would not do. */
const RESOURCES: Partial<Record<TargetKind, string>> = { Rollout: 'rollouts.argoproj.io', SeldonModel: 'models.mlops.seldon.io' };

/** The Deployment that a controller makes of a model server. */
const MADE: Partial<Record<TargetKind, (name: string) => string>> = {
  InferenceService: (name) => `${name}-predictor`,
  LLMInferenceService: (name) => `${name}-kserve`,
};

/** `kubectl rollout` knows nothing of Rollouts; their plugin does. */
function rolloutCommands(cause: CauseKind, rollout: string): readonly string[] {
  const goesBack = cause === 'bad-release' || cause === 'bad-model-version';
  return [`kubectl argo rollouts get rollout ${rollout}`, ...(goesBack ? [`kubectl argo rollouts undo ${rollout}`] : [])];
}

function asCommand(command: string | ((where: Where) => string)): (where: Where) => string {
  return typeof command === 'string' ? () => command : command;
}

/** A name as the API server allows them stands for itself; any other is one word to a shell. */
function quoted(name: string): string {
  return /^[A-Za-z0-9_.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
