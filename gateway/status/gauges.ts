import { Gauge, type Registry } from 'prom-client';
import type { StatusReader } from './reader.ts';

/** Figures of what is open now; while Temporal is away there are none. */
export function addStatusGauges(registry: Registry, cluster: string, reader: Pick<StatusReader, 'open'>): void {
  new Gauge<'cluster' | 'failure_type' | 'phase'>({
    name: 'paramedic_open_incidents',
    help: 'Incidents that go on, by failure type and by how far they have come; the phase is notBegun while no worker has taken one.',
    labelNames: ['cluster', 'failure_type', 'phase'],
    registers: [registry],
    async collect() {
      const incidents = (await reader.open()) ?? [];
      this.reset();
      for (const { failureType, phase } of incidents) this.inc({ cluster, failure_type: failureType, phase: phase ?? 'notBegun' });
    },
  });
  new Gauge<'cluster'>({
    name: 'paramedic_first_question_expires_timestamp_seconds',
    help: 'When the first of the questions that wait is answered by silence, which is no; absent while none waits.',
    labelNames: ['cluster'],
    registers: [registry],
    async collect() {
      const times = ((await reader.open()) ?? []).flatMap(({ asked }) => (asked === null ? [] : [Date.parse(asked.expiresAt) / 1000]));
      this.reset();
      if (times.length > 0) this.set({ cluster }, Math.min(...times));
    },
  });
}
