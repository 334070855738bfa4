import { z } from 'zod';
import { lasting } from '../db/transient.ts';
import { mailVerification } from '../features/preferences/mail.ts';
import { mailInvitation } from '../features/staff/mail.ts';
import { task, type WorkGroup } from '../jobs/worker.ts';
import type { DeliveryDeps } from './deps.ts';
import { dispatchPush } from './dispatch.ts';
import { issuePush } from './issue.ts';
import { remindPush } from './remind.ts';
import { sendBatch } from './send.ts';
import { sendTest } from './test-send.ts';

const pushJob = z.object({ pushId: z.number().int().positive() });
const invitationJob = z.object({ invitationId: z.number().int().positive() });
const customerJob = z.object({ customerId: z.number().int().positive() });
const sendJob = pushJob.extend({
  channel: z.enum(['email', 'app_push', 'reminder']),
  batchNo: z.number().int().min(0),
});

const testSendJob = z.object({ testSendId: z.number().int().positive() });

/** Mostly they wait for the database; a push with very many fellows has one of these places at a time, for a while. */
const plannedAtOnce = 4;
/** Batches that one process sends at once over each way out; each has the connections of its channel to share. */
const batchesAtOnce = 4;

/**
 * The engine's background work. Each way out has places of its own, so that a mail server which says nothing holds up
 * e-mail alone, and no app push, no coupon and no other push's dispatch (spec 6).
 */
export function deliveryGroups(deps: DeliveryDeps): WorkGroup[] {
  const send = task(sendJob, (job, stopping) => sendBatch(deps, job, stopping));
  /** What only writes to the database may be begun again as a whole, at any point. */
  const planning = (work: (pushId: number, stopping: AbortSignal) => Promise<void>) =>
    task(pushJob, ({ pushId }, stopping) => lasting(() => work(pushId, stopping), { stopping, log: deps.logger }));
  return [
    {
      concurrency: plannedAtOnce,
      tasks: {
        dispatch: planning((pushId) => dispatchPush(deps, pushId)),
        issue: planning((pushId, stopping) => issuePush(deps, pushId, stopping)),
        remind: planning((pushId, stopping) => remindPush(deps, pushId, stopping)),
      },
    },
    { concurrency: batchesAtOnce, tasks: { 'send-email': send } },
    { concurrency: batchesAtOnce, tasks: { 'send-app-push': send } },
    {
      concurrency: 1,
      tasks: {
        'invitation-mail': task(invitationJob, ({ invitationId }) => mailInvitation(deps, invitationId)),
        'verification-mail': task(customerJob, ({ customerId }) => mailVerification(deps, customerId)),
        'test-send': task(testSendJob, ({ testSendId }) => sendTest(deps, testSendId)),
      },
    },
  ];
}
