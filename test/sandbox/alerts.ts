/** Whether Prometheus fires an alert with these labels, whatever others it has. */
export async function isFiring(prometheusUrl: string, labels: Readonly<Record<string, string>>): Promise<boolean> {
  const answer = await fetch(`${prometheusUrl}/api/v1/alerts`);
  const { data } = (await answer.json()) as { data: { alerts: { state: string; labels: Record<string, string> }[] } };
  const firing = data.alerts.filter(({ state }) => state === 'firing');
  return firing.some((alert) => Object.entries(labels).every(([key, value]) => alert.labels[key] === value));
}
