/** An error that NVIDIA's driver told of a GPU within the last hour. */
export interface GpuFault {
  readonly node: string;
  /** Which of the node's GPUs. */
  readonly gpu: string;
  /** Its code in NVIDIA's Xid catalogue. */
  readonly xid: number;
  /** The pod that had the GPU, as `namespace/name` where it is not in the target's namespace; null where that is not told. */
  readonly pod: string | null;
  readonly secondsAgo: number;
}
