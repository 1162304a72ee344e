/** A server the sandbox runs: its version, and where it comes from. */
export interface Program {
  readonly version: string;
  /** Folder under `pins/` whose go.mod and go.sum fix every dependency; null: the package pins itself. */
  readonly pins: string | null;
  /** What it is built from. */
  readonly goPackage: string;
  readonly linkerFlags?: string;
  /** What is built otherwise than published, because no setting changes it. */
  readonly changes?: ModuleChanges;
  /** Which versions will do if one is on PATH, of those it tells when asked `--version`; absent: it is not looked for there. */
  readonly onPath?: { readonly from: string; readonly below: string };
  /** Where its makers publish it built, with a file of SHA-256 sums; absent, or null for a platform: they do not. */
  readonly release?: (platform: Platform) => Release | null;
}

/** What is changed in a copy of a module. */
export interface ModuleChanges {
  readonly module: string;
  readonly files: readonly FileChange[];
}

export interface FileChange {
  /** Its path in the module. */
  readonly file: string;
  /** What stands there, once; null for a file that is not there and is made. */
  readonly from: string | null;
  readonly to: string;
}

export interface Platform {
  readonly os: 'linux' | 'darwin';
  readonly arch: 'amd64' | 'arm64';
}

/** A published file. */
export interface Release {
  readonly url: string;
  /** The file of sums: lines of "SUM  NAME", or one sum alone. */
  readonly sumsUrl: string;
  /** Where the program is in it, if it is an archive. */
  readonly member?: string;
}

const GITHUB = 'https://github.com';

const KUBERNETES_VERSION = '1.35.4';

function kubernetes(name: string) {
  return {
    version: KUBERNETES_VERSION,
    pins: 'kubernetes',
    goPackage: `k8s.io/kubernetes/cmd/${name}`,
    // Without a version that parses as one, clients complain about the server.
    linkerFlags: `-X k8s.io/component-base/version.gitVersion=v${KUBERNETES_VERSION}`,
    onPath: { from: '1.35', below: '1.36' },
    release: ({ os, arch }: Platform) => {
      const url = `https://dl.k8s.io/v${KUBERNETES_VERSION}/bin/linux/${arch}/${name}`;
      return os === 'linux' ? { url, sumsUrl: `${url}.sha256` } : null;
    },
  } as const satisfies Program;
}

const ARGO = 'github.com/argoproj/argo-workflows/v3';
const TRAINING_OPERATOR = 'github.com/kubeflow/training-operator';

function prometheusRelease(repository: string, version: string, name = repository) {
  return ({ os, arch }: Platform): Release => {
    const folder = `${GITHUB}/prometheus/${repository}/releases/download/v${version}`;
    const stem = `${repository}-${version}.${os}-${arch}`;
    return { url: `${folder}/${stem}.tar.gz`, sumsUrl: `${folder}/sha256sums.txt`, member: `${stem}/${name}` };
  };
}

export const PROGRAMS = {
  temporal: {
    version: '1.5.1',
    pins: 'temporal',
    goPackage: 'github.com/temporalio/cli/cmd/temporal',
    onPath: { from: '1.5', below: '2' },
    release: ({ os, arch }) => {
      const folder = `${GITHUB}/temporalio/cli/releases/download/v1.5.1`;
      return { url: `${folder}/temporal_cli_1.5.1_${os}_${arch}.tar.gz`, sumsUrl: `${folder}/checksums.txt`, member: 'temporal' };
    },
  },
  etcd: {
    version: '3.6.6',
    pins: 'kubernetes',
    goPackage: 'go.etcd.io/etcd/server/v3',
    onPath: { from: '3.6', below: '3.7' },
    release: ({ os, arch }) => {
      const folder = `${GITHUB}/etcd-io/etcd/releases/download/v3.6.6`;
      const stem = `etcd-v3.6.6-${os}-${arch}`;
      return { url: `${folder}/${stem}.${os === 'linux' ? 'tar.gz' : 'zip'}`, sumsUrl: `${folder}/SHA256SUMS`, member: `${stem}/etcd` };
    },
  },
  'kube-apiserver': kubernetes('kube-apiserver'),
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  kubelet: kubernetes('kubelet'),
  // Published without sums, and thus always built.
  kwok: { version: '0.7.0', pins: null, goPackage: 'sigs.k8s.io/kwok/cmd/kwok', onPath: { from: '0.7', below: '0.8' } },
  // Published as images only.
  kserve: { version: '0.15.0', pins: 'kserve', goPackage: 'github.com/kserve/kserve/cmd/manager' },
  // Published as images only, and a built kube-state-metrics does not tell its version.
  'kube-state-metrics': { version: '2.15.0', pins: 'kube-state-metrics', goPackage: 'k8s.io/kube-state-metrics/v2' },
  prometheus: {
    version: '3.0.0',
    pins: 'prometheus',
    goPackage: 'github.com/prometheus/prometheus/cmd/prometheus',
    onPath: { from: '2.42', below: '4' },
    release: prometheusRelease('prometheus', '3.0.0'),
  },
  // Checks rules, for the tests.
  promtool: {
    version: '3.0.0',
    pins: 'prometheus',
    goPackage: 'github.com/prometheus/prometheus/cmd/promtool',
    onPath: { from: '2.42', below: '4' },
    release: prometheusRelease('prometheus', '3.0.0', 'promtool'),
  },
  alertmanager: {
    version: '0.28.1',
    pins: 'alertmanager',
    goPackage: 'github.com/prometheus/alertmanager/cmd/alertmanager',
    onPath: { from: '0.25', below: '1' },
    release: prometheusRelease('alertmanager', '0.28.1'),
  },
  // The rest are published as images only, or are small enough to be built.
  jobset: { version: '0.10.1', pins: 'trainer', goPackage: 'sigs.k8s.io/jobset' },
  trainer: { version: '2.1.0', pins: 'trainer', goPackage: 'github.com/kubeflow/trainer/v2/cmd/trainer-controller-manager' },
  'argo-workflow-controller': {
    version: '3.7.0',
    pins: 'argo-workflows',
    goPackage: `${ARGO}/cmd/workflow-controller`,
    changes: {
      module: ARGO,
      // It tells its health on one port of every address, which two sandboxes cannot share.
      files: [{ file: 'cmd/workflow-controller/main.go', from: '":6060"', to: 'os.Getenv("HEALTH_ADDRESS")' }],
    },
  },
  'argo-server': {
    version: '3.7.0',
    pins: 'argo-workflows',
    goPackage: `${ARGO}/cmd/argo`,
    changes: {
      module: ARGO,
      files: [
        // No flag keeps it to the loopback address.
        { file: 'server/apiserver/argoserver.go', from: 'address := fmt.Sprintf(":%d"', to: 'address := fmt.Sprintf("127.0.0.1:%d"' },
        // Its pages are made by Node from what the module does not hold.
        { file: 'ui/dist/app/index.html', from: null, to: '<p>Argo Server without its pages.</p>\n' },
      ],
    },
  },
  'training-operator': {
    version: '1.8.1',
    pins: 'training-operator',
    goPackage: `${TRAINING_OPERATOR}/cmd/training-operator.v1`,
    changes: {
      module: TRAINING_OPERATOR,
      // It waits for its certificate in that folder, which all sandboxes would share.
      files: [{ file: 'pkg/cert/cert.go', from: '"/tmp/k8s-webhook-server', to: '"training-operator/k8s-webhook-server' }],
    },
  },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof PROGRAMS;
