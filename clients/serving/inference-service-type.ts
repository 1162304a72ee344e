/** Where KServe's InferenceServices live in the API. */
export const INFERENCE_SERVICES = { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices' };

/** Written by KServe's controller on the pods: the address they load their model from. */
export const SOURCE_URI = 'internal.serving.kserve.io/storage-initializer-sourceuri';

/** The label by which KServe, also through Knative, marks all that it makes for an InferenceService of that name. */
export const INFERENCE_SERVICE_LABEL = 'serving.kserve.io/inferenceservice';
