/** Where further kinds of model servers live in the API. */
export const LLM_INFERENCE_SERVICES = { group: 'serving.kserve.io', version: 'v1alpha1', plural: 'llminferenceservices' };
export const ROLLOUTS = { group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts' };
export const SELDON_MODELS = { group: 'mlops.seldon.io', version: 'v1alpha1', plural: 'models' };
