import type { Context } from '../incident/context.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { PodSeen } from '../incident/evidence.ts';
import type { GpuFault } from '../incident/gpu-fault.ts';

/**
 * What an Xid error says of the hardware. `failed`: the GPU works again only after a reset or a repair. `worn`: its memory or its links
 * failed, and the driver coped; what used it then may have died of it. `none`: the program that used it is at fault, or nobody can tell.
 */
type Severity = 'failed' | 'worn' | 'none';

/**
 * By NVIDIA's Xid catalogue (https://docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html) and what it says is to be done at once:
 * `failed` are those with RESET_GPU, RESTART_BM (the whole machine) or a workflow that begins with taking the GPU out of use. Of 63 and 92
 * it says that nothing is to be done, and of 94 that the program is to be started anew, so that they alone prove nothing of what fails now.
 * Those with RESTART_APP are the program's. So are 45 (cleaned up after another error), and 109, which the catalogue would have reset, but
 * NVIDIA's device plugin for Kubernetes counts among errors of applications, after which a GPU is well. What is not listed here is `none`.
 */
const XIDS: Readonly<Record<number, readonly [Severity, string]>> = {
  13: ['none', 'exception of the graphics engine'],
  31: ['none', 'page fault of its memory'],
  43: ['none', 'a program was stopped'],
  45: ['none', 'cleaned up after another error'],
  46: ['failed', 'it stopped working'],
  48: ['failed', 'double-bit error of its memory'],
  62: ['failed', 'its power management halted'],
  63: ['worn', 'memory was retired'],
  64: ['failed', 'memory could not be retired'],
  68: ['none', 'exception of the video decoder'],
  74: ['failed', 'error of an NVLink'],
  79: ['failed', 'it has fallen off the bus'],
  92: ['worn', 'many single-bit errors of its memory'],
  94: ['worn', 'contained error of its memory'],
  95: ['failed', 'uncontained error of its memory'],
  109: ['none', 'a switch of context took too long'],
  110: ['failed', 'security fault'],
  119: ['failed', 'its system processor does not answer'],
  120: ['failed', 'error of its system processor'],
  136: ['failed', 'a link could not be trained'],
  140: ['failed', 'error of its memory that cannot be recovered'],
  143: ['failed', 'it could not be started'],
};

/** What went wrong with the hardware of a node while one of these pods may have used it; a fault of a GPU that others had is theirs. */
export function hardwareFaults(node: string, pods: readonly PodSeen[], context: Pick<Context, 'gpuFaults'>): readonly GpuFault[] {
  return faultsIn(context).filter(
    ({ pod, xid, ...fault }) => fault.node === node && isHardware(xid) && (pod === null || pods.some(({ name }) => name === pod)),
  );
}

/** The very GPU that the pod has is of no use any more: that proves what is at fault, whatever others do. */
export function hasFailedGpu({ name, node }: PodSeen, context: Pick<Context, 'gpuFaults'>): boolean {
  return faultsIn(context).some((fault) => fault.node === node && fault.pod === name && severityOf(fault.xid) === 'failed');
}

/** What was told of GPUs and is no part of the cause, as sentences. */
export function gpuRemarks(cause: Diagnosis['cause'], context: Pick<Context, 'gpuFaults'>): readonly string[] {
  const told = faultsIn(context).filter(({ xid }) => cause !== 'bad-node' || !isHardware(xid));
  return told.map((fault) => `${gpuFaultText(fault)}.${isHardware(fault.xid) ? '' : ' That does not speak of its hardware.'}`);
}

/** Such as `GPU 3 of n1 told of Xid 79 (it has fallen off the bus) 4 min ago, when ranker-1 had it`. */
export function gpuFaultText({ node, gpu, xid, pod, secondsAgo }: GpuFault): string {
  const meaning = XIDS[xid]?.[1];
  const had = pod === null ? '' : `, when ${pod} had it`;
  return `GPU ${gpu} of ${node} told of Xid ${xid}${meaning ? ` (${meaning})` : ''} ${Math.ceil(secondsAgo / 60)} min ago${had}`;
}

function severityOf(xid: number): Severity {
  return XIDS[xid]?.[0] ?? 'none';
}

function isHardware(xid: number): boolean {
  return severityOf(xid) !== 'none';
}

function faultsIn({ gpuFaults }: Pick<Context, 'gpuFaults'>): readonly GpuFault[] {
  return gpuFaults.kind === 'read' ? gpuFaults.value : [];
}
