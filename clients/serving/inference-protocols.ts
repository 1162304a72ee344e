import { z } from 'zod';
import type { GoldenRequest } from '../../incident/golden-request.ts';

/** One call of a server, and what an answer to it must be to count. */
export interface ProtocolCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Why the answer does not count, as the end of a sentence; null where it does. */
  readonly reject: (answer: unknown) => string | null;
}

/** What a server is asked, in this order: whether the model is ready, and the golden request itself. */
export function protocolCalls({ protocol, prefix, body, model: named }: GoldenRequest, ownName: string): readonly ProtocolCall[] {
  const model = named ?? ownName;
  const name = encodeURIComponent(model);
  switch (protocol) {
    case 'v2':
      return [
        { method: 'GET', path: `${prefix}/v2/models/${name}/ready`, reject: () => null },
        { method: 'POST', path: `${prefix}/v2/models/${name}/infer`, body, reject: unlike(V2Answer, 'outputs') },
      ];
    case 'v1':
      return [
        { method: 'GET', path: `${prefix}/v1/models/${name}`, reject: unlike(V1Ready, 'that the model is ready') },
        { method: 'POST', path: `${prefix}/v1/models/${name}:predict`, body, reject: unlike(V1Answer, 'predictions') },
      ];
    case 'openai': {
      const path = Object.hasOwn(body, 'messages') ? 'chat/completions' : 'completions';
      return [
        { method: 'GET', path: `${prefix}/v1/models`, reject: (answer) => lists(answer, model) },
        { method: 'POST', path: `${prefix}/v1/${path}`, body: { model, ...body }, reject: unlike(OpenAiAnswer, 'choices') },
      ];
    }
    default:
      return protocol satisfies never;
  }
}

const V2Answer = z.object({ outputs: z.array(z.unknown()).min(1) });
/** KServe says `ready`; TensorFlow Serving tells the state of each version. */
const V1Ready = z.union([
  z.object({ ready: z.union([z.literal(true), z.literal('True'), z.literal('true')]) }),
  z.object({ model_version_status: z.array(z.object({ state: z.literal('AVAILABLE') })).min(1) }),
]);
const V1Answer = z.union([z.object({ predictions: z.unknown() }), z.object({ outputs: z.unknown() })]);
const OpenAiModels = z.object({ data: z.array(z.object({ id: z.string() })) });
const OpenAiAnswer = z.object({ choices: z.array(z.unknown()).min(1) });

function unlike(schema: z.ZodType, what: string): ProtocolCall['reject'] {
  return (answer) => (schema.safeParse(answer).success ? null : `it does not answer ${what}`);
}

function lists(answer: unknown, model: string): string | null {
  const models = OpenAiModels.safeParse(answer);
  if (!models.success) return 'it does not answer which models it has';
  return models.data.data.some(({ id }) => id === model) ? null : `it does not list the model ${model}`;
}
