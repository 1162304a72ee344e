import { z } from 'zod';
import { CONDITION_NAMES, type HoldSeconds } from '../watch/symptom.ts';
import { itemsOf } from './setting-lists.ts';

const namespaceName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be names of namespaces, such as ml, of lower-case letters, digits and hyphens');

const namespaces = z
  .string()
  .transform(itemsOf(/,/))
  .pipe(z.array(namespaceName).transform((names) => [...new Set(names)]));

const HOLD = /^(?<name>\w+)=(?<seconds>\d{1,6}|off)$/;

/** As `KubePodNotReady=300,KubeHpaMaxedOut=off`. */
const hold = z.string().transform((text, context): HoldSeconds => {
  const given: Record<string, number | null> = {};
  for (const one of itemsOf(/,/)(text)) {
    const { name, seconds } = HOLD.exec(one)?.groups ?? {};
    if (name === undefined || seconds === undefined || !CONDITION_NAMES.some((known) => known === name)) {
      const message = `must be conditions and seconds, or off, such as KubePodNotReady=300,KubeHpaMaxedOut=off; one is not: the conditions are ${CONDITION_NAMES.join(', ')}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    given[name] = seconds === 'off' ? null : Number(seconds);
  }
  return given;
});

const seconds = (min: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, `must be a whole number of seconds from ${min} to 999999`)
    .transform(Number)
    .refine((given) => given >= min, `must be a whole number of seconds from ${min} to 999999`);

/** What the watch of the cluster is set by. */
export const WATCH_SETTINGS = {
  /** Empty: all. */
  PARAMEDIC_WATCH_NAMESPACES: namespaces.default([]),
  PARAMEDIC_WATCH_HOLD: hold.default({}),
  PARAMEDIC_WATCH_REPEAT_SECONDS: seconds(60).default(14_400),
  PARAMEDIC_WATCH_RELIST_SECONDS: seconds(30).default(600),
  /** Where the Lease is by which one of several watches is chosen. */
  PARAMEDIC_WATCH_LEASE_NAMESPACE: namespaceName.default('paramedic'),
};
