import { lengthText } from '../length-text.ts';
import type { Report } from '../measures/report.ts';
import { type Block, type Piece, paragraph, type Section } from '../page/page.ts';
import { counted, shareText, table, valued } from './pieces.ts';

/** What Paramedic knows of what it is for, and what it does not know. */
export function successSection({ success }: Report): Section {
  return {
    anchor: 'success',
    title: 'What it is for',
    blocks: [],
    sections: [uptime(success.uptime), models(success.models), deployments(success.deployments), cost(success.cost)],
  };
}

function list(...items: readonly (readonly Piece[])[]): Block {
  return { kind: 'list', items };
}

function uptime({ targets, failingMs, share, worst, incidents }: Report['success']['uptime']): Section {
  return {
    anchor: 'uptime',
    title: 'Uptime',
    blocks: [
      list([
        `Targets that failed: ${targets}, for `,
        valued(lengthText(failingMs), incidents),
        ` all together. Of the period they did not fail: ${shareText(share)}.`,
      ]),
      table(
        'Those that failed longest',
        ['target', 'failed for', 'did not fail'],
        worst.map((one) => [[one.target], [valued(lengthText(one.failingMs), one.incidents)], [shareText(one.share)]]),
      ),
      paragraph(
        'Not known: how many targets there are that never failed, how much of a target failed, and whether anybody noticed. A failure that no alert told of counts as none.',
      ),
    ],
  };
}

function models({ incidents, rolledBack, contained, failingMs }: Report['success']['models']): Section {
  return {
    anchor: 'models',
    title: 'Model performance stability',
    blocks: [
      table(
        'Incidents about what models say, what they are fed, and how they are served',
        ['type', 'incidents'],
        incidents.map((one) => [[one.name], [counted(one)]]),
      ),
      list([
        'Rolled back to a version that is well: ',
        counted(rolledBack),
        '. Contained: ',
        counted(contained),
        `. Their targets failed for ${lengthText(failingMs)} all together.`,
      ]),
      paragraph(
        'Not known: how good a model is. What its metrics say is known to what raises the alerts; a model that nothing watches is stable here.',
      ),
    ],
  };
}

function deployments({ bad, undone, restore }: Report['success']['deployments']): Section {
  const took =
    restore.medianMs === null
      ? 'none was restored in this period'
      : `median ${lengthText(restore.medianMs)}, nine in ten within ${lengthText(restore.p90Ms!)}`;
  return {
    anchor: 'deployments',
    title: 'Deployment velocity',
    blocks: [
      list(
        [
          'Incidents whose cause is a release or a model version: ',
          counted(bad),
          '. Healed by going back, without a person: ',
          counted(undone),
          '.',
        ],
        ['From when such a failure began until its target was well: ', valued(took, restore.incidents), '.'],
      ),
      paragraph('Not known: how many releases there were, so that neither how often you release nor the share that fails can be told.'),
    ],
  };
}

function cost({ dearer, runsAgain }: Report['success']['cost']): Section {
  return {
    anchor: 'cluster-cost',
    title: 'Cost',
    blocks: [
      table(
        'Changes that stand and use more of the cluster',
        ['remedy', 'changes'],
        dearer.map((one) => [[one.name], [counted(one)]]),
      ),
      list(['Runs that were done once more: ', counted(runsAgain), '. What Temporal counts stands above.']),
      paragraph('Not known: what any of it costs in money, and what the failures would have cost.'),
    ],
  };
}
