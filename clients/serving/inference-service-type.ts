/** Where KServe's InferenceServices live in the API. */
export const INFERENCE_SERVICES = { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices' };

/** Written by KServe's controller on the pods: the address they load their model from. */
export const SOURCE_URI = 'internal.serving.kserve.io/storage-initializer-sourceuri';

/** The annotation by which people have KServe take away what it made of a service, and leave the service. */
const STOP = 'serving.kserve.io/stop';

/** What of its evidence an annotation tells: that a person has stopped it. */
export function stoppedBy(annotations: Readonly<Record<string, string>>): { readonly stoppedBy?: string } {
  return annotations[STOP] === 'true' ? { stoppedBy: `it has the annotation ${STOP}` } : {};
}

/** The label by which KServe, also through Knative, marks all that it makes for an InferenceService of that name. */
export const INFERENCE_SERVICE_LABEL = 'serving.kserve.io/inferenceservice';
