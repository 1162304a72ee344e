/** Where KServe's InferenceServices live in the API. */
export const INFERENCE_SERVICES = { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices' };
