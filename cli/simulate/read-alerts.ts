import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { expressionOf } from '../../gateway/rule-series.ts';
import type { Alert } from '../../incident/alert.ts';

const Labelled = z.object({
  status: z.enum(['firing', 'resolved']).default('firing'),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()).default({}),
  generatorURL: z.string().optional().catch(undefined),
});
const Alerts = z.array(Labelled);
const Body = z.object({ alerts: Alerts });

/**
 * The alerts of a file: an Alertmanager body, or an array of `{labels, annotations}`.
 * @throws one sentence naming the file and what is wrong in it.
 */
export function readAlerts(file: string): Alert[] {
  const json = parseJson(file, readText(file));
  const parsed = Array.isArray(json) ? Alerts.safeParse(json) : Body.transform(({ alerts }) => alerts).safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new Error(
      `Cannot read alerts from ${file}: it is neither an Alertmanager body nor an array of {labels, annotations}: ${issue.path.join('.') || '(root)'}: ${issue.message}.`,
    );
  }
  return parsed.data.map(({ generatorURL, ...alert }) => ({
    ...alert,
    name: alert.labels.alertname ?? '',
    fingerprint: '',
    expression: expressionOf(generatorURL),
  }));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'it does not exist' : code === 'EISDIR' ? 'it is a folder' : message;
    throw new Error(`Cannot read alerts from ${file}: ${why}.`, { cause: error });
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`Cannot read alerts from ${file}: it is not JSON: ${(error as Error).message}.`, { cause: error });
  }
}
