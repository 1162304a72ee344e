/** Whether Kubernetes allows the text as the name of a namespace. */
export function isNamespaceName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

/** Whether a runbook may be called so. */
export function isRunbookName(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,99}$/.test(text);
}
