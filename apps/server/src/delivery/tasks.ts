import { z } from 'zod';
import { mailVerification } from '../features/preferences/mail.ts';
import { mailInvitation } from '../features/staff/mail.ts';
import type { JobName } from '../jobs/enqueue.ts';
import { type BoundTask, task } from '../jobs/worker.ts';
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

/** The engine's background work, by job name. */
export function deliveryTasks(deps: DeliveryDeps): Record<JobName, BoundTask> {
  return {
    dispatch: task(pushJob, ({ pushId }) => dispatchPush(deps, pushId)),
    issue: task(pushJob, ({ pushId }) => issuePush(deps, pushId)),
    remind: task(pushJob, ({ pushId }) => remindPush(deps, pushId)),
    'invitation-mail': task(invitationJob, ({ invitationId }) => mailInvitation(deps, invitationId)),
    'verification-mail': task(customerJob, ({ customerId }) => mailVerification(deps, customerId)),
    send: task(sendJob, (job, stopping) => sendBatch(deps, job, stopping)),
    'test-send': task(testSendJob, ({ testSendId }) => sendTest(deps, testSendId)),
  };
}
