import type { QpostEntry } from '@coupon-push/contract/my-page.ts';
import { qpostTabs } from '@coupon-push/contract/my-page-states.ts';
import { IconMail } from '@tabler/icons-react';
import { Link, useSearchParams } from 'wouter';
import { useText } from '../../lib/i18n.ts';
import { useFormat } from '../../lib/use-format.ts';
import { EndlessList } from '../../ui/endless-list.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { TabLinks } from '../../ui/tabs.tsx';
import classes from './qpost.module.css';
import { inboxAddress, useUnread } from './use-unread.ts';

/** The inbox inside the marketplace: three tabs, the newest message first. */
export function QpostPage() {
  const { t } = useText();
  const [search] = useSearchParams();
  const tab = qpostTabs.find((one) => one === search.get('tab')) ?? 'shop_event';
  const { byTab } = useUnread();
  return (
    <Page title={t('qpost.title')}>
      <TabLinks
        label={t('qpost.tabs')}
        tabs={qpostTabs.map((one) => ({
          href: one === 'shop_event' ? '/qpost' : `/qpost?tab=${one}`,
          text: t(`qpost.${one}`),
          current: one === tab,
          mark: byTab[one] > 0 && <UnreadCount count={byTab[one]} />,
        }))}
      />
      <EndlessList<QpostEntry>
        key={tab}
        address={inboxAddress(tab)}
        keyOf={(entry) => entry.id}
        show={(entry) => <Entry entry={entry} />}
        empty={<EmptyState icon={<IconMail />} title={t('qpost.empty')} text={t(`qpost.${tab}EmptyText`)} />}
      />
    </Page>
  );
}

function UnreadCount({ count }: { count: number }) {
  const { t } = useText();
  return (
    <span className={classes.count}>
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className="sr">{t('tab.unread', { count })}</span>
    </span>
  );
}

function Entry({ entry }: { entry: QpostEntry }) {
  const { t } = useText();
  const { moment } = useFormat();
  return (
    <Link href={`/qpost/${entry.id}`} className={classes.entry ?? ''} data-unread={!entry.read || undefined}>
      <span className={classes.dot} aria-hidden />
      <span className={classes.title}>
        {!entry.read && <span className="sr">{t('qpost.unread')}: </span>}
        {entry.title}
      </span>
      <span className={classes.heading}>{entry.heading}</span>
      <span className="note">
        {entry.shop !== null && `${entry.shop.name} · `}
        <time dateTime={entry.sentAt}>{moment(entry.sentAt)}</time>
      </span>
    </Link>
  );
}
