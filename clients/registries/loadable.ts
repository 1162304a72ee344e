/** Addresses a model server's storage initializer can load; a registry's own, such as `models:/` or `mlflow-artifacts:/`, are not among them. */
const LOADABLE = /^(s3|gs|hdfs|https?|pvc|oci|hf):\/\//;

/** Whether a model server can load a model from the address by itself. */
export function isLoadable(address: string): boolean {
  return LOADABLE.test(address);
}
