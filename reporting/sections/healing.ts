import type { Report } from '../measures/report.ts';
import type { Section } from '../page/page.ts';
import { counted, shareText } from './pieces.ts';

/** How much was healed without a person, and who was spared. */
export function healingSection({ healing, pages }: Report): Section {
  const { toHeal, withoutPerson, share, judged, endedWithoutPerson, endedShare, selfResolved, withRest, withPerson } = healing;
  return {
    anchor: 'healing',
    title: 'Healed without a person',
    blocks: [
      {
        kind: 'list',
        items: [
          [
            `Share healed without a person: ${shareText(share)}, `,
            counted(withoutPerson),
            ' of ',
            counted(toHeal),
            ' that there was something to heal in.',
          ],
          [
            `Share that ended without a person, gone by itself or healed: ${shareText(endedShare)}, `,
            counted(endedWithoutPerson),
            ' of ',
            counted(judged),
            '.',
          ],
          ['A person was asked or needed in: ', counted(healing.needed), '.'],
          ['Gone by itself: ', counted(selfResolved), '. Healed once a person had given leave or decided: ', counted(withPerson), '.'],
          ['Healed without a person, with something left to do that people were told of: ', counted(withRest), '.'],
          [
            'Pages avoided, which is incidents that ended and nobody was told of: ',
            counted(pages.avoided),
            '. People were told or asked in: ',
            counted(pages.told),
            '.',
          ],
          [
            pages.messages === null
              ? 'How many pages, questions and reminders were sent an audit trail does not tell.'
              : `Pages, questions and reminders that were sent: ${pages.messages}.`,
          ],
        ],
      },
    ],
  };
}
