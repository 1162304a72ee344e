import { z } from 'zod';

/** What a button of an incident says of what it is about; Slack hands it back as it is. */
export const ButtonValue = z.strictObject({
  incident: z.string().min(1).max(1_000),
  /** Of a button that judges, the run of the incident. */
  plan: z.string().min(1).max(100),
  namespace: z.string().max(300),
});

export type ButtonValue = z.infer<typeof ButtonValue>;
