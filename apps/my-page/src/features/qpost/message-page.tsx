import type { QpostMessage } from '@coupon-push/contract/my-page.ts';
import { formatTimestamp } from '@coupon-push/i18n/format.ts';
import { IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import useSWR from 'swr';
import { Link, useLocation } from 'wouter';
import { NotFoundPage } from '../../app/not-found-page.tsx';
import { problemOf, request } from '../../lib/http.ts';
import { useText } from '../../lib/i18n.ts';
import { useAction } from '../../lib/use-action.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { ItemTile } from '../../ui/item-tile.tsx';
import { LeadingLink } from '../../ui/leading-link.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState, ListSkeleton, Refusal } from '../../ui/states.tsx';
import { useMarketplace } from '../marketplace/marketplace.tsx';
import classes from './qpost.module.css';
import { refreshInbox } from './use-unread.ts';

/** One message; opening it marks it as read. */
export function MessagePage({ messageId }: { messageId: string }) {
  const { t } = useText();
  const address = `/api/my/qpost/${encodeURIComponent(messageId)}`;
  const { data, error, mutate } = useSWR<QpostMessage>(address, { revalidateOnFocus: false });
  const opened = data !== undefined;
  useEffect(() => {
    if (opened) refreshInbox();
  }, [opened]);
  const gone = [400, 404].includes(problemOf(error).status);
  if (data === undefined && error !== undefined && gone) return <NotFoundPage />;
  return (
    <Page
      title={data?.title ?? t('qpost.title')}
      above={
        <Link href="/qpost" className={classes.back ?? ''}>
          {t('qpost.toList')}
        </Link>
      }
    >
      {data !== undefined && <Message message={data} address={address} />}
      {data === undefined && error === undefined && <ListSkeleton />}
      {data === undefined && error !== undefined && <ErrorState error={error} onRetry={() => void mutate()} />}
    </Page>
  );
}

function Message({ message, address }: { message: QpostMessage; address: string }) {
  const { t, language } = useText();
  const { zone } = useMarketplace();
  const { shop, items } = message;
  return (
    <article className={classes.message}>
      <p className="note">
        <time dateTime={message.sentAt}>{formatTimestamp(message.sentAt, zone, language)}</time>
      </p>
      {shop !== null && (
        <p>
          <Link href={`/shops/${encodeURIComponent(shop.shopNo)}`}>{shop.name}</Link>
        </p>
      )}
      <h2>{message.heading}</h2>
      <p className={classes.body}>{message.body}</p>
      <LeadingLink href={message.buttonUrl} className="button button-main">
        {message.button}
      </LeadingLink>
      {items.length > 0 && (
        <section aria-label={t('qpost.items', { shop: shop?.name ?? '' })}>
          <ul className={classes.items}>
            {items.map((item) => (
              <li key={item.url}>
                <ItemTile {...item} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {message.footer !== null && <p className={`note ${classes.footer}`}>{message.footer}</p>}
      <DeleteButton address={address} />
    </article>
  );
}

function DeleteButton({ address }: { address: string }) {
  const { t } = useText();
  const [, navigate] = useLocation();
  const [asked, setAsked] = useState(false);
  const remove = useAction(async () => {
    await request(address, 'DELETE');
    refreshInbox();
    navigate('/qpost', { replace: true });
  });
  return (
    <p>
      <button type="button" className="button" onClick={() => setAsked(true)}>
        <IconTrash size={18} aria-hidden />
        {t('qpost.delete')}
      </button>
      {asked && (
        <Confirm
          question={t('qpost.deleteQuestion')}
          text={t('qpost.deleteText')}
          action={t('qpost.delete')}
          busy={remove.busy}
          onAct={() => void remove.run()}
          onClose={() => setAsked(false)}
        >
          <Refusal error={remove.refusal} />
        </Confirm>
      )}
    </p>
  );
}
