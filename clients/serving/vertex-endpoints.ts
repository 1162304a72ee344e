import { z } from 'zod';
import { Refused, unlessGone } from '../failures.ts';
import { bodyOf, isMissing } from '../google/failures.ts';
import { type GoogleAccess, googleCall, idOf, locationOf } from '../google/google-call.ts';
import { listAll } from '../google/pages.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { OutsideClient } from '../outside.ts';
import { MODEL, REGISTRY, type ServedModelReader } from './served-model.ts';
import { endpointChanger } from './vertex-endpoint-change.ts';
import { annotationsOf, Endpoint, generationOf, modelIdOf, servedOf, splitText, uidOf } from './vertex-endpoint-seen.ts';
import { endpointAsker } from './vertex-predict.ts';

const PAGE_SIZE = 100;
const READ = 'aiplatform.endpoints.get';
/** A label by which its owners keep Paramedic off it. */
const OPT_OUT = 'paramedic';

const names = z
  .object({ endpoints: z.array(z.object({ name: z.string() })).default([]) })
  .transform(({ endpoints }) => endpoints.map(idOf));

/** Sees and changes endpoints of Vertex AI. A target's name is the endpoint's id. */
export function vertexEndpoints(access: GoogleAccess, servedModel: ServedModelReader): Extract<OutsideClient, { readonly is: 'server' }> {
  const call = googleCall('Vertex AI', access);
  const change = endpointChanger(call);
  const all = `${locationOf(access)}/endpoints`;
  const pathOf = (name: string) => `${all}/${encodeURIComponent(name)}`;
  const textOf = (name: string) => `The Vertex AI endpoint ${name}`;

  async function read(name: string): Promise<Endpoint> {
    const answer = await call({ method: 'GET', path: pathOf(name), needs: READ, expects: isMissing });
    return readAnswer(Endpoint, bodyOf(answer, textOf(name)), `Vertex AI's answer about endpoint ${name}`);
  }

  return {
    is: 'server',
    namespace: 'vertex-ai',
    ask: endpointAsker(access, read),

    async observe({ name }) {
      const endpoint = await read(name);
      const seen = servedOf(endpoint);
      const model = modelIdOf(endpoint, locationOf(access), seen.wanted);
      const annotations = { ...(model === null ? {} : { [MODEL]: model, [REGISTRY]: 'vertex' }), ...annotationsOf(endpoint) };
      const served = await servedModel({ text: `endpoint ${name}`, name: `vertex-ai/${name}`, annotations }, seen);
      return {
        kind: 'VertexEndpoint',
        uid: uidOf(endpoint),
        generation: generationOf(endpoint),
        ready: seen.serving.length > 0,
        served,
        loading: null,
        workload: null,
        traffic: splitText(endpoint),
      };
    },

    async apply({ name }, wanted, bound, options) {
      if (wanted.kind !== 'modelVersion') throw new Refused(`${textOf(name)} has a version that can be changed, and nothing else.`);
      return change({ endpoint: await read(name), path: pathOf(name), text: textOf(name) }, wanted, bound, options);
    },

    topmost: (name) => unlessGone(() => read(name).then(() => ({ kind: 'VertexEndpoint', name }))),

    list: () =>
      listAll(call, {
        path: all,
        query: { pageSize: String(PAGE_SIZE) },
        needs: 'aiplatform.endpoints.list',
        page: names,
        what: "Vertex AI's list of endpoints",
      }),

    async optOut({ name }) {
      return (await read(name)).labels[OPT_OUT] === 'off' ? `the label ${OPT_OUT}=off` : null;
    },
  };
}
