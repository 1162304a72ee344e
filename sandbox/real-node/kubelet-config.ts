import { CONTAINERD_SOCKET } from './containerd-config.ts';
import type { Layout } from './layout.ts';
import type { Subnet } from './subnet.ts';

/** Only pods that tolerate this land on the real node, and only those that ask for it by label land nowhere else. */
export const REAL_NODE_LABEL = { 'paramedic.dev/node': 'real' } as const;
export const REAL_NODE_TAINT = { key: 'paramedic.dev/real', value: 'true', effect: 'NoSchedule' } as const;

/**
 * The kubelet's configuration: as on any node, but that it takes nothing of the machine for granted, reserves nothing, evicts
 * nobody, and lets nobody in but the API server.
 */
export function kubeletConfig({ cgroup }: Layout, { gateway }: Subnet, port: number, clientAuthorityFile: string): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: gateway,
    port,
    healthzPort: 0,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: false }, x509: { clientCAFile: clientAuthorityFile } },
    authorization: { mode: 'AlwaysAllow' },
    registerWithTaints: [REAL_NODE_TAINT],
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    podLogsDir: '/var/lib/kubelet/pod-logs',
    volumePluginDir: '/var/lib/kubelet/volume-plugins',
    cgroupRoot: cgroup,
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    enforceNodeAllocatable: [],
    localStorageCapacityIsolation: false,
    evictionHard: { 'memory.available': '0%' },
    imageGCHighThresholdPercent: 100,
    makeIPTablesUtilChains: false,
    resolvConf: '',
    // A loop that is quick to see.
    crashLoopBackOff: { maxContainerRestartPeriod: '5s' },
  };
}
