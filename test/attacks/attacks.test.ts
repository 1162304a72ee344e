import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WAYS, type Way } from '../../incident/person.ts';
import { alertResolved, asked } from '../../workflows/messages.ts';
import { until } from '../until.ts';
import { untilTold } from '../workflows/incident-run.ts';
import { type Asking, asking, openPeopleStage, type PeopleStage } from './stage.ts';
import { ATTACKS, type Attack, cellTitle } from './table.ts';
import { clickOf, type Role, SAY_BY, type Said, sendClick } from './ways.ts';

let stage: PeopleStage;
beforeAll(async () => {
  stage = await openPeopleStage();
}, 3_600_000);
afterAll(() => stage?.leave(), 60_000);

/** So many acts were approved by somebody who may. */
let allowed = 0;

/** What an attack comes to: what the attacker is told, and the incident it was about; null: the incident is not named. */
interface Came {
  readonly told: string | null;
  readonly incident: string | null;
}

const saidOf = ({ handle, question }: Asking, decision: Said['decision'] = 'approve'): Said => ({
  incident: handle.workflowId,
  plan: question.id,
  decision,
});

async function simply(way: Way, role: Role, chosen = asking()): Promise<Came> {
  const open = await stage.ask(chosen);
  return came(await SAY_BY[way](stage, role, saidOf(open)), open);
}

const came = (told: string | null, { handle }: Asking): Came => ({ told, incident: handle.workflowId });

const PLAYED: Readonly<Record<Attack, (way: Way) => Promise<Came>>> = {
  stranger: (way) => simply(way, 'stranger'),
  bot: (way) => simply(way, 'bot'),
  deactivated: async (way) => {
    const { told, incident } = await simply(way, 'deactivated');
    // Nobody can be told by a token that nobody has.
    return { told, incident: way === 'http' ? null : incident };
  },

  async wrongTeam(way) {
    if (way !== 'slack') return simply(way, way === 'http' ? 'stranger' : 'otherTeam');
    const open = await stage.ask();
    return came(await sendClick(stage, clickOf('anna', saidOf(open), 'T0OTHER'), 'U0ANNA'), open);
  },

  async replay(way) {
    const open = await stage.ask();
    const said = saidOf(open, 'escalate');
    if (way === 'slack') {
      const click = clickOf('anna', said);
      expect(await sendClick(stage, click, 'U0ANNA')).toBeNull();
      return came(await sendClick(stage, click, 'U0ANNA'), open);
    }
    expect(await SAY_BY[way](stage, 'anna', said)).toBeNull();
    return came(await SAY_BY[way](stage, 'anna', said), open);
  },

  async twice(way) {
    const open = await stage.ask();
    expect(await SAY_BY[way](stage, 'ben', saidOf(open, 'escalate'))).toBeNull();
    return came(await SAY_BY[way](stage, 'anna', saidOf(open)), open);
  },

  async late(way) {
    const open = await stage.ask(asking({ withinSeconds: 1 }));
    await until('its time is over', async () => (await open.handle.query(asked)) === null, 50);
    return came(await SAY_BY[way](stage, 'anna', saidOf(open)), open);
  },

  async afterChange(way) {
    const open = await stage.ask();
    stage.change(open.target);
    // The alert is over and fires again, so that the target is looked at now and not in a minute.
    await open.handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
    await until('it asks anew', async () => ![null, open.question.id].includes((await open.handle.query(asked))?.id ?? null), 50);
    return came(await SAY_BY[way](stage, 'anna', saidOf(open)), open);
  },

  async afterResolve(way) {
    // Temporal itself lets nobody send anything to a workflow that is closed; one that has healed waits for its alert to end.
    if (way === 'webUi') {
      const open = await stage.ask({ ...asking(), alertEndsSeconds: 120, verify: { stableSeconds: 0, timeoutSeconds: 120 } });
      allowed++;
      expect(await SAY_BY[way](stage, 'ben', saidOf(open))).toBeNull();
      await until('it is done', async () => stage.cluster.acts.length === allowed, 50);
      stage.heal(open.target);
      await untilTold(open.handle, /Verdict: recovered/);
      return came(await SAY_BY[way](stage, 'anna', saidOf(open)), open);
    }
    const open = await stage.ask();
    stage.heal(open.target);
    await open.handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
    await open.handle.result();
    return came(await SAY_BY[way](stage, 'anna', saidOf(open)), open);
  },

  async otherIncident(way) {
    const [open, other] = [await stage.ask(), await stage.ask()];
    return came(await SAY_BY[way](stage, 'anna', { ...saidOf(open), plan: other.question.id }), open);
  },

  async ownRequest(way) {
    const open = await stage.ask(asking(), { id: 'anna', name: 'anna', way: 'commandLine', groups: [] });
    return came(await SAY_BY[way](stage, 'anna', saidOf(open)), open);
  },
};

const CELLS = (Object.keys(ATTACKS) as Attack[]).flatMap((attack) => WAYS.map((way) => ({ attack, way, title: cellTitle(attack, way) })));

describe('an attack on what people decide by:', () => {
  it.each(CELLS)('$title (safety 29)', async ({ attack, way }) => {
    const before = stage.trail.length;
    const { told, incident } = await PLAYED[attack](way);
    expect(told).toEqual(expect.stringMatching(/\S/));
    await until('it is written down', async () => refusedSince(before, incident).length > 0, 50);
    const [entry] = refusedSince(before, incident);
    expect(entry).toMatchObject({ who: { way }, text: expect.stringContaining('refused') });
    expect(stage.cluster.acts).toHaveLength(allowed);
  });
});

function refusedSince(before: number, incident: string | null) {
  return stage.trail
    .slice(before)
    .filter((entry) => entry.step === 'DecisionRefused' && (incident === null || entry.incident === incident));
}
