import { z } from 'zod';

const Settings = z.object({
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^:\s]+:\d+$/, 'must be host:port, such as 127.0.0.1:7233')
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  PARAMEDIC_CLUSTER: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and hyphens')
    .default('local'),
  PARAMEDIC_RUNBOOKS: z.string().min(1).default('runbooks'),
  PARAMEDIC_AUDIT_LOG: z.string().min(1).default('paramedic-audit.jsonl'),
  PARAMEDIC_ESCALATION_WEBHOOK: z.url().optional(),
  PARAMEDIC_MLFLOW_URL: z.url({ protocol: /^https?$/ }).optional(),
  PARAMEDIC_GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  PARAMEDIC_GATEWAY_HOST: z.string().default('127.0.0.1'),
  PARAMEDIC_GATEWAY_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
});

export type Settings = z.infer<typeof Settings>;

/**
 * Settings from the environment, validated all at once.
 * @throws an error that names every faulty variable.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const result = Settings.safeParse(environment);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Cannot start: ${faults.length} settings in the environment are wrong.\n${faults.join('\n')}`);
}

/** The task queue of the worker that acts on a cluster. */
export function taskQueueOf(cluster: string): string {
  return `paramedic-${cluster}`;
}
