/** A server the sandbox runs: its version, and the Go package it is built from with the module that pins it. */
export interface Program {
  readonly version: string;
  /** Folder under `pins/` whose go.mod and go.sum fix every dependency; null: the package pins itself. */
  readonly pins: string | null;
  readonly goPackage: string;
  readonly linkerFlags?: string;
}

/** Without a version that parses as one, clients complain about the server. */
const kubernetes = {
  version: '1.35.4',
  pins: 'kubernetes',
  linkerFlags: '-X k8s.io/component-base/version.gitVersion=v1.35.4',
};

export const PROGRAMS = {
  temporal: { version: '1.5.1', pins: 'temporal', goPackage: 'github.com/temporalio/cli/cmd/temporal' },
  etcd: { version: '3.6.6', pins: 'kubernetes', goPackage: 'go.etcd.io/etcd/server/v3' },
  'kube-apiserver': { ...kubernetes, goPackage: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  'kube-controller-manager': { ...kubernetes, goPackage: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
  'kube-scheduler': { ...kubernetes, goPackage: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  kubelet: { ...kubernetes, goPackage: 'k8s.io/kubernetes/cmd/kubelet' },
  kwok: { version: '0.7.0', pins: null, goPackage: 'sigs.k8s.io/kwok/cmd/kwok' },
  kserve: { version: '0.15.0', pins: 'kserve', goPackage: 'github.com/kserve/kserve/cmd/manager' },
  'kube-state-metrics': { version: '2.15.0', pins: 'kube-state-metrics', goPackage: 'k8s.io/kube-state-metrics/v2' },
  prometheus: { version: '3.0.0', pins: 'prometheus', goPackage: 'github.com/prometheus/prometheus/cmd/prometheus' },
  alertmanager: { version: '0.28.1', pins: 'alertmanager', goPackage: 'github.com/prometheus/alertmanager/cmd/alertmanager' },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof PROGRAMS;
