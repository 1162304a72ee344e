import type { WorkloadRule } from '../rule.ts';

/** An eviction so long ago explains nothing that is wrong now. */
const LATELY_SECONDS = 3_600;

/** Its node put it out, since it was short of something. */
export const evicted: WorkloadRule = ({ pods }) => {
  const gone = pods.filter(({ ended }) => ended?.reason === 'Evicted' && ended.secondsAgo <= LATELY_SECONDS);
  const [first] = gone;
  if (!first?.ended) return null;
  const { message } = first.ended;
  const isMemory = /memory/i.test(message);
  if (!isMemory && !/storage|disk|inode/i.test(message)) return null;
  return {
    cause: isMemory ? 'node-memory-short' : 'node-disk-short',
    confidence: 'certain',
    reason: `${gone.length} of its pods ${gone.length === 1 ? 'was' : 'were'} evicted. ${first.node ?? 'Its node'} says: ${message}`,
  };
};
