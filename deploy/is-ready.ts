/** For health checks of containers: exits with 0 when the address answers with success, else with 1 and the reason. */
const address = process.argv[2] ?? '';
try {
  const answer = await fetch(address, { signal: AbortSignal.timeout(4_000) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
} catch (error) {
  process.stderr.write(`${address}: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
