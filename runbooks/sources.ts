import { z } from 'zod';
import { jsonPath, jsonPathOfOne } from './json-path.ts';

/** Words that the gateway's own sources have. */
export const OWN_SOURCES = ['alertmanager', 'grafana', 'pagerduty', 'cloudevents', 'google-monitoring', 'datadog'] as const;

/** How sources are called. `-file` at the end would make the variable of its secret mean two things. */
const sourceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens, such as nightly-checks')
  .refine((name) => !name.endsWith('-file'), 'must not end with -file')
  .refine((name) => !OWN_SOURCES.some((own) => own === name), 'is what a source of the gateway itself is called; see docs/sources.md');

const header = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'must be the name of a header, such as X-Signature');

const Auth = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('bearer') }).describe('`Authorization: Bearer <secret>`.'),
    z.strictObject({ kind: z.literal('basic') }).describe('HTTP Basic authentication; the secret is user:password.'),
    z
      .strictObject({
        kind: z.literal('hmac'),
        header: header.describe('Holds the signature.'),
        prefix: z.string().max(50).default('').describe('Stands before it, such as sha256=.'),
        encoding: z.enum(['hex', 'base64']).default('hex'),
        timestamp: z
          .strictObject({
            header: header.describe('Holds a number of seconds since 1970.'),
            separator: z.string().max(10).default('.').describe('Between timestamp and body, in what is signed.'),
            toleranceSeconds: z
              .number()
              .int()
              .min(1)
              .max(3_600)
              .default(300)
              .describe('Further from now it is refused, and within it a replay.'),
          })
          .nullable()
          .default(null)
          .describe('Where the source signs the time before the body; without it a replay cannot be told.'),
      })
      .describe('An HMAC with SHA-256 over the body as it comes.'),
    z.strictObject({ kind: z.literal('clientCertificate') }).describe('Only a client certificate that PARAMEDIC_GATEWAY_CLIENTS names.'),
  ])
  .describe('What it must show. Its secret is PARAMEDIC_SOURCE_<NAME>; several, one a line, are all valid.');

const textAt = z
  .union([jsonPathOfOne, z.strictObject({ value: z.string().min(1).max(1_000).describe('Always this.') })], {
    error: 'must be a JSONPath that finds one value, such as $.alert.name, or { value: text }',
  })
  .describe('A JSONPath within the alert, or { value: text }.');

const Source = z
  .strictObject({
    auth: Auth,
    alerts: jsonPath
      .default('$')
      .describe('Where the alerts are in the body; each finding is one, and all other paths but once are within it.'),
    name: textAt.describe("The alert's name, by which runbooks match."),
    status: z
      .strictObject({
        path: jsonPathOfOne,
        firing: z.array(z.string().min(1)).min(1).max(20),
        resolved: z.array(z.string().min(1)).max(20).default([]),
      })
      .describe('Whether it fires or is over; an alert that says neither is left alone.'),
    identity: z.array(jsonPathOfOne).min(1).max(10).describe('What is the same for its firing and its resolution, and for no other alert.'),
    labels: z
      .record(z.string().min(1).max(200), textAt)
      .default({})
      .describe('By the names that a target is told by, such as namespace and deployment.'),
    annotations: z.record(z.string().min(1).max(200), textAt).default({}),
    startsAt: jsonPathOfOne.optional().describe('When it began, in ISO 8601.'),
    once: jsonPathOfOne
      .optional()
      .describe('What numbers deliveries, in the whole body: one that was taken is not taken again within an hour.'),
  })
  .describe('A source that sends JSON by POST to /alerts/<name>.');

export type SourceGiven = z.infer<typeof Source>;

/** The file `sources.yaml` beside the runbooks. */
export const SourcesFile = z
  .strictObject({ sources: z.record(sourceName, Source).default({}).describe('Sources of alerts, by name.') })
  .describe('Sources of alerts that the gateway does not know by itself.');

export type SourcesFile = z.infer<typeof SourcesFile>;
