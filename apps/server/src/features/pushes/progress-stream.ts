import { type PushProgress, pushParams } from '@coupon-push/contract/pushes.ts';
import type { SellerScope } from '../../http/actor.ts';
import type { Changes } from '../../http/changes.ts';
import type { RouteDeps } from '../../http/deps.ts';
import type { HttpServer } from '../../http/server.ts';
import { readProgress } from './service.ts';

const pauseMs = 250;
const heartbeatMs = 5_000;
const final: readonly PushProgress['state'][] = ['sent', 'partly_sent', 'cancelled', 'not_sent'];

/**
 * GET .../events: the progress of a push as server-sent events, at once and after each change, at most four a second.
 * Ends when the push has.
 */
export function registerProgressStream(app: HttpServer, deps: RouteDeps & { changes: Changes }): void {
  app.get(
    '/api/shops/:shopId/pushes/:pushId/events',
    { schema: { tags: ['pushes'], params: pushParams, description: 'text/event-stream; event `progress`' } },
    async (request, reply) => {
      const { userId } = await deps.authenticate(request);
      const { shopId, pushId } = request.params;
      const scope = { userId, shopId };
      const first = await readProgress(deps.db, scope, pushId);
      reply.hijack();
      const out = reply.raw;
      out.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const send = (progress: PushProgress) => out.write(`event: progress\ndata: ${JSON.stringify(progress)}\n\n`);
      send(first);
      if (final.includes(first.state)) return void out.end();
      await follow(deps, { scope, pushId, send, gone: untilClosed(out), beat: () => out.write(': \n\n') }).catch(
        (error: unknown) => request.log.error({ err: error }, 'the progress stream broke'),
      );
      out.end();
    },
  );
}

function untilClosed(out: NodeJS.EventEmitter): AbortSignal {
  const gone = new AbortController();
  out.once('close', () => gone.abort());
  return gone.signal;
}

interface Follow {
  scope: SellerScope;
  pushId: number;
  send: (progress: PushProgress) => unknown;
  beat: () => unknown;
  gone: AbortSignal;
}

/** A change that comes while one is being sent is not missed: it leaves `changed` set for the next turn. */
async function follow({ db, changes }: RouteDeps & { changes: Changes }, to: Follow): Promise<void> {
  let changed = true;
  let wake = () => {};
  const stop = changes.onPush(to.pushId, () => {
    changed = true;
    wake();
  });
  to.gone.addEventListener('abort', () => wake());
  // Also looks by itself: whoever made the last change may have died before telling.
  const heartbeat = setInterval(() => {
    to.beat();
    changed = true;
    wake();
  }, heartbeatMs);
  try {
    while (!to.gone.aborted) {
      if (!changed) await new Promise<void>((resolve) => (wake = resolve));
      if (to.gone.aborted) return;
      changed = false;
      const progress = await readProgress(db, to.scope, to.pushId);
      to.send(progress);
      if (final.includes(progress.state)) return;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  } finally {
    stop();
    clearInterval(heartbeat);
  }
}
