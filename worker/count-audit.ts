import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { tellingActivities } from '../activities/telling.ts';
import type { AuditFigures } from './audit-figures.ts';

type Audit = ReturnType<typeof tellingActivities>['audit'];

/** Has every entry counted once it stands, and every one that does not. */
export function countAudit(figures: AuditFigures): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        if (info.activityType !== ('audit' satisfies keyof ReturnType<typeof tellingActivities>)) return next(input);
        const [, entry] = input.args as Parameters<Audit>;
        const done = await next(input).catch((error) => {
          figures.failed();
          throw error;
        });
        figures.written(entry);
        return done;
      },
    },
  });
}
