import { z } from 'zod';
import type { ModelLoading } from '../../incident/evidence.ts';
import { redact } from '../../incident/redact.ts';

const FAILURE_CHARACTERS_MAX = 300;

/** How KServe says that loading a model goes, as far as it is used. */
export const ModelStatus = z.object({
  transitionStatus: z.string().default(''),
  states: z.object({ targetModelState: z.string().optional() }).optional(),
  lastFailureInfo: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
});

/** Null where nothing is said yet. */
export function loadingOf(status: z.infer<typeof ModelStatus> | undefined): ModelLoading | null {
  if (!status?.transitionStatus) return null;
  const { reason, message } = status.lastFailureInfo ?? {};
  const failure = [reason, message].filter(Boolean).join(': ');
  return {
    transition: status.transitionStatus,
    wanted: status.states?.targetModelState || null,
    failure: failure ? redact(failure, FAILURE_CHARACTERS_MAX) : null,
  };
}
