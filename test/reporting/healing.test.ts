import { describe, expect, it } from '@jest/globals';
import { ANNA, act, at, closed, healed, incident, msAt, reportOn } from './told-incidents.ts';

const page = (seconds: number) => ({ sent: [{ kind: 'page' as const, atMs: msAt(seconds) }] });
const asked = (answer: 'Approved' | 'Rejected', outcome: string) =>
  incident(
    100,
    [
      [0, 'Opened'],
      [5, 'Asked', { plan: 'p' }],
      [9, answer, { plan: 'p', who: ANNA }],
      ...(answer === 'Approved' ? act(10, 'recovered') : []),
      closed(60, outcome),
    ],
    { sent: [{ kind: 'question', atMs: msAt(106) }] },
  );

describe('the share that was healed without a person', () => {
  it('is of those in which there was something to heal: healed, handed over, contained, cancelled or broken', () => {
    const { healing } = reportOn([
      ...[healed(1), healed(2), healed(3)],
      ...['escalated', 'contained', 'cancelled'].map((outcome) => incident(4, [[0, 'Opened'], [1, 'Escalated'], closed(5, outcome)])),
      ...['selfResolved', 'observed', 'dismissed'].map((outcome) => incident(5, [[0, 'Opened'], closed(5, outcome)])),
      incident(6, [], { end: 'broken', endedMs: msAt(9) }),
    ]);
    expect(healing).toMatchObject({ withoutPerson: { count: 3 }, toHeal: { count: 7 }, share: 3 / 7 });
    expect(healing).toMatchObject({ endedWithoutPerson: { count: 4 }, judged: { count: 8 }, endedShare: 0.5, selfResolved: { count: 1 } });
  });

  it('counts none that a person gave leave for, and tells those apart', () => {
    const { healing } = reportOn([asked('Approved', 'recovered'), asked('Rejected', 'escalated'), healed(1)]);
    expect(healing).toMatchObject({ withoutPerson: { incidents: [1] }, withPerson: { count: 1 }, needed: { count: 2 }, share: 1 / 3 });
  });

  it('takes whoever raised it by hand for no hand in its healing', () => {
    const raised = incident(1, [[0, 'Opened', { who: ANNA }], ...act(5, 'recovered'), closed(20, 'recovered')]);
    expect(reportOn([raised]).healing.withoutPerson.count).toBe(1);
  });

  it('counts what a person acknowledged as theirs', () => {
    const taken = incident(1, [[0, 'Opened'], [3, 'Commanded', { who: ANNA, command: 'acknowledge' }], closed(20, 'selfResolved')]);
    expect(reportOn([taken]).healing).toMatchObject({ selfResolved: { count: 1 }, endedWithoutPerson: { count: 0 } });
  });

  it('tells apart what was healed with something left to do that people were told of', () => {
    const { healing, pages } = reportOn([healed(1, 60, page(70)), healed(2)]);
    expect(healing).toMatchObject({ withoutPerson: { count: 2 }, withRest: { count: 1, incidents: [1] } });
    expect(pages).toMatchObject({ avoided: { incidents: [2] }, told: { incidents: [1] } });
  });

  it('is none where there was nothing to heal', () => {
    expect(reportOn([]).healing).toMatchObject({ share: null, endedShare: null });
    expect(reportOn([incident(1, [[0, 'Opened'], closed(5, 'observed')])]).healing.share).toBeNull();
  });

  it('leaves out what leads while many targets fail, which heals nothing', () => {
    const leads = incident(1, [[0, 'Escalated'], closed(50, 'escalated')], {
      incident: 'common-cause/local/node/n1',
      type: 'commonCause',
      target: null,
      ...page(3),
    });
    const { healing, summary, pages } = reportOn([leads, healed(2)]);
    expect([healing.toHeal.count, healing.share]).toEqual([1, 1]);
    expect(summary.types.map(({ name }) => name).sort()).toEqual(['commonCause', 'podCrash']);
    expect(pages.told.incidents).toEqual([1]);
  });
});

describe('pages', () => {
  it('are avoided where an incident ended and nobody was told, also where another one told of the storm', () => {
    const follower = incident(1, [[0, 'Opened'], [9, 'Escalated'], closed(50, 'escalated')]);
    const told = incident(2, [[0, 'Opened'], [9, 'Escalated'], closed(50, 'escalated')], page(12));
    const open = incident(3, [[0, 'Opened']]);
    const { pages, healing } = reportOn([follower, told, open]);
    expect(pages).toEqual({ avoided: { count: 1, incidents: [1] }, told: { count: 1, incidents: [2] }, messages: 1 });
    expect(healing.needed.count).toBe(2);
  });

  it('are none that a person did without: cancelled, dismissed, observed or broken', () => {
    const all = ['cancelled', 'dismissed', 'observed'].map((outcome) => incident(1, [[0, 'Opened'], closed(5, outcome)]));
    expect(reportOn([...all, incident(2, [], { end: 'broken', endedMs: msAt(9) })]).pages.avoided.count).toBe(0);
  });

  it('are counted with questions and reminders, as many as were sent in the period', () => {
    const reminded = incident(
      -60,
      [
        [0, 'Opened'],
        [9, 'Escalated'],
      ],
      {
        sent: [
          { kind: 'page', atMs: msAt(-50) },
          { kind: 'reminder', atMs: msAt(50) },
          { kind: 'reminder', atMs: msAt(90) },
        ],
      },
    );
    expect(reportOn([reminded, asked('Rejected', 'escalated')]).pages.messages).toBe(3);
    expect(at(0)).toBe('2026-03-02T00:00:00.000Z');
  });
});
