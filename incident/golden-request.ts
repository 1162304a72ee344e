import { z } from 'zod';

/** `v2`: the Open Inference Protocol; `v1`: TensorFlow Serving's, and KServe's first; `openai`: that of language models. */
const GOLDEN_PROTOCOLS = ['v2', 'v1', 'openai'] as const;

const Expectation = z
  .strictObject({
    at: z
      .string()
      .regex(/^(\/.*)?$/, 'must be a JSON Pointer, such as /outputs/0/data/0')
      .describe('Where in the answer, as a JSON Pointer.'),
    equals: z.union([z.string(), z.number(), z.boolean()]).optional().describe('What stands there.'),
    min: z.number().optional().describe('A number stands there, and it is no less.'),
    max: z.number().optional().describe('A number stands there, and it is no more.'),
  })
  .refine(({ equals, min, max }) => equals !== undefined || min !== undefined || max !== undefined, 'must have equals, min or max');

/** A request whose right answer is known: a server that gives it really serves the model. */
export const GoldenRequest = z
  .strictObject({
    protocol: z.enum(GOLDEN_PROTOCOLS).describe('How the server is spoken to.'),
    model: z.string().min(1).nullable().default(null).describe("The model's name in the server; null: the server's own name."),
    port: z.number().int().min(1).max(65_535).default(8080).describe('The port that its pods listen on.'),
    prefix: z
      .string()
      .regex(/^(\/[\w.-]+)*$/, 'must be a path without a slash at its end, such as /openai')
      .default('')
      .describe('A path before that of the protocol, such as /openai in KServe.'),
    body: z.record(z.string(), z.unknown()).describe('What is sent, as JSON.'),
    withinMs: z.number().int().min(1).max(10_000).default(2_000).describe('The answer is slower than this: then it is none.'),
    expect: z.array(Expectation).max(20).default([]).describe('What the answer must hold; nothing: any answer of the protocol will do.'),
  })
  .describe('A request whose right answer is known, sent to every ready pod before a model server counts as recovered.');

export type GoldenRequest = z.infer<typeof GoldenRequest>;

/** What came of asking all that serves. */
export type GoldenSeen =
  /** @property slowestMs milliseconds that the slowest answer took */
  | { readonly kind: 'answered'; readonly by: number; readonly slowestMs: number }
  /** @property by the pod, or the server itself, that answered wrongly or not at all; why, as the end of a sentence */
  | { readonly kind: 'wrong'; readonly by: string; readonly why: string };

/** Why an answer is not the one that is expected, as the end of a sentence; null where it is. */
export function unexpected({ expect }: Pick<GoldenRequest, 'expect'>, answer: unknown): string | null {
  for (const { at, equals, min, max } of expect) {
    const value = valueAt(answer, at);
    if (value === undefined) return `it answers nothing at ${at}`;
    if (equals !== undefined && value !== equals) return `it answers ${short(value)} at ${at}, and not ${short(equals)}`;
    if (min === undefined && max === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value)) return `it answers no number at ${at}`;
    if (min !== undefined && value < min) return `it answers ${value} at ${at}, less than ${min}`;
    if (max !== undefined && value > max) return `it answers ${value} at ${at}, more than ${max}`;
  }
  return null;
}

/** RFC 6901. Undefined where nothing is. */
function valueAt(answer: unknown, pointer: string): unknown {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? (at as never)[step] : undefined),
    answer,
  );
}

function short(value: unknown): string {
  return JSON.stringify(value).slice(0, 60);
}
