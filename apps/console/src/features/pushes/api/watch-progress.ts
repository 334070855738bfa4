import type { Push, PushProgress } from '@coupon-push/contract/pushes.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isFinal } from '../states.ts';
import { pushQuery } from './get-push.ts';

/**
 * Keeps a push's progress in the cache up to date from the server's events until the push is final, then fetches the
 * push once more, with its timeline.
 */
export function useWatchProgress(shopId: number, pushId: number, enabled: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    const { queryKey } = pushQuery(shopId, pushId);
    const source = new EventSource(`/api/shops/${shopId}/pushes/${pushId}/events`);
    let state: string | null = null;
    source.addEventListener('progress', (event) => {
      const progress = JSON.parse(event.data) as PushProgress;
      client.setQueryData(queryKey, (push: Push | undefined) =>
        push === undefined ? push : { ...push, state: progress.state, notSentReason: progress.notSentReason, progress },
      );
      if (isFinal(progress.state)) source.close();
      if (state !== null && state !== progress.state)
        void client.invalidateQueries({ queryKey: ['shops', shopId, 'pushes'] });
      state = progress.state;
      if (isFinal(progress.state)) void client.invalidateQueries({ queryKey });
    });
    return () => source.close();
  }, [client, shopId, pushId, enabled]);
}
