import { type QpostTab, qpostTabs } from '@coupon-push/contract/my-page-states.ts';
import useSWR, { mutate } from 'swr';
import { refreshList } from '../../ui/endless-list.tsx';
import { useSession } from '../session/use-session.ts';

const unreadKey = '/api/my/qpost/unread';

/** Unread messages by tab, and in all; none while nobody is signed in. Beyond 99 the number is not exact. */
export function useUnread(): { byTab: Record<QpostTab, number>; total: number } {
  const { data: session } = useSession();
  const { data } = useSWR<Record<QpostTab, number>>(session ? unreadKey : null, { refreshInterval: 60_000 });
  const byTab = data ?? { notice: 0, inquiry: 0, shop_event: 0 };
  return { byTab, total: byTab.notice + byTab.inquiry + byTab.shop_event };
}

export function inboxAddress(tab: QpostTab): string {
  return `/api/my/qpost?tab=${tab}`;
}

/** A message was read or deleted. */
export function refreshInbox(): void {
  void mutate(unreadKey);
  for (const tab of qpostTabs) refreshList(inboxAddress(tab));
}
