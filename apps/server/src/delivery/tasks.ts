import { z } from 'zod';
import type { JobName } from '../jobs/enqueue.ts';
import { type BoundTask, task } from '../jobs/worker.ts';
import type { DeliveryDeps } from './deps.ts';
import { dispatchPush } from './dispatch.ts';
import { issuePush } from './issue.ts';
import { sendBatch } from './send.ts';

const pushJob = z.object({ pushId: z.number().int().positive() });
const sendJob = pushJob.extend({ channel: z.enum(['email', 'app_push']), batchNo: z.number().int().min(0) });

/** The engine's background work, by job name. */
export function deliveryTasks(deps: DeliveryDeps): Record<JobName, BoundTask> {
  return {
    dispatch: task(pushJob, ({ pushId }) => dispatchPush(deps, pushId)),
    issue: task(pushJob, ({ pushId }) => issuePush(deps, pushId)),
    send: task(sendJob, (job, stopping) => sendBatch(deps, job, stopping)),
  };
}
