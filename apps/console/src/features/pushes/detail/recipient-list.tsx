import type { Channel, Push } from '@coupon-push/contract/pushes.ts';
import type { Delivered, Recipient } from '@coupon-push/contract/results.ts';
import { NativeSelect } from '@mantine/core';
import { IconUserOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Pager } from '../../../ui/pager.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../../ui/states.tsx';
import { CustomerSearch } from '../../customers/customer-search.tsx';
import { ExportMenu } from '../../exports/export-menu.tsx';
import { useFormat } from '../../marketplace/use-format.ts';
import { recipientsQuery } from '../api/get-recipients.ts';
import { OutcomeMark } from '../outcome-mark.tsx';
import classes from './push-page.module.css';
import { outcomesOf, type PushSearch } from './search.ts';

export interface PushListProps {
  shop: { id: number };
  pushId: number;
  search: PushSearch;
  onSearch: (search: PushSearch) => void;
}

/** Everyone the push went to, masked, with what became of each message and of the coupon. */
export function RecipientList({
  shop,
  pushId,
  search,
  onSearch,
  push,
}: PushListProps & { push: Pick<Push, 'state' | 'progress'> }) {
  const { t } = useTranslation();
  const columns = useColumns();
  const { channel, state, q, after } = search;
  const filter = { channel, state, search: q };
  const begun = push.progress.dispatchedAt !== null;
  const recipients = useQuery({ ...recipientsQuery(shop.id, pushId, { ...filter, after }), enabled: begun });
  if (!begun) {
    const ended = push.state === 'cancelled' || push.state === 'not_sent';
    return (
      <EmptyState
        icon={<IconUserOff />}
        title={t(ended ? 'recipients.noneEverTitle' : 'recipients.noneYetTitle')}
        text={ended ? t(`push.says.${push.state}`) : t('recipients.noneYetText')}
      />
    );
  }
  return (
    <section aria-label={t('recipients.title')}>
      <div className={classes.tools}>
        <ChannelFilter channel={channel} state={state} onChoose={(chosen) => onSearch({ q, ...chosen })} />
        <CustomerSearch key={q ?? ''} value={q} onSearch={(text) => onSearch({ channel, state, q: text })} />
        <div className={classes.toolsEnd}>
          <ExportMenu shopId={shop.id} list="recipients" filter={{ ...filter, pushId }} label={t('recipients.title')} />
        </div>
      </div>
      {recipients.isPending && <ListSkeleton />}
      {recipients.isError && <ErrorState error={recipients.error} onRetry={() => void recipients.refetch()} />}
      {recipients.data?.entries.length === 0 && (
        <EmptyState icon={<IconUserOff />} title={t('issuedCoupons.noneTitle')} text={t('issuedCoupons.noneText')} />
      )}
      {recipients.data !== undefined && recipients.data.entries.length > 0 && (
        <>
          <DataTable
            caption={t('recipients.title')}
            columns={columns}
            rows={recipients.data.entries.map((recipient, index) => ({ ...recipient, key: index }))}
            rowKey={(recipient) => recipient.key}
            stale={recipients.isPlaceholderData}
          />
          <Pager
            after={after}
            next={recipients.data.next}
            onPage={(page) => onSearch({ channel, state, q, after: page })}
          />
        </>
      )}
    </section>
  );
}

function ChannelFilter({
  channel,
  state,
  onChoose,
}: Pick<PushSearch, 'channel' | 'state'> & { onChoose: (chosen: Pick<PushSearch, 'channel' | 'state'>) => void }) {
  const { t } = useTranslation();
  const choices = (['email', 'app_push'] as const).flatMap((name) =>
    outcomesOf(name).map((outcome) => ({
      value: `${name}.${outcome}`,
      label: t('recipients.ofChannel', { channel: t(`progress.channel.${name}`), outcome: t(`outcome.${outcome}`) }),
      chosen: { channel: name, state: outcome },
    })),
  );
  return (
    <NativeSelect
      aria-label={t('recipients.filter')}
      value={channel === undefined ? '' : `${channel}.${state}`}
      onChange={(event) => onChoose(choices.find(({ value }) => value === event.currentTarget.value)?.chosen ?? {})}
      data={[
        { value: '', label: `${t('recipients.filter')}: ${t('recipients.all')}` },
        ...choices.map(({ value, label }) => ({ value, label })),
      ]}
    />
  );
}

function useColumns(): Column<Recipient>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const channel = (name: Channel, of: (recipient: Recipient) => Delivered): Column<Recipient> => ({
    key: name,
    label: t(`progress.channel.${name}`),
    render: (recipient) => <DeliveredCell delivered={of(recipient)} />,
  });
  return [
    { key: 'who', label: t('issuedCoupons.who'), render: (recipient) => recipient.who },
    channel('email', (recipient) => recipient.email),
    channel('app_push', (recipient) => recipient.appPush),
    {
      key: 'coupon',
      label: t('recipients.coupon'),
      render: ({ usedAt }) =>
        usedAt === null ? t('issuedCoupons.unused') : t('recipients.usedOn', { moment: format.moment(usedAt) }),
    },
  ];
}

/** The state of one message, with when and, where there is something to say, why. */
function DeliveredCell({ delivered }: { delivered: Delivered }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, at, attempts, inDoubt, failure } = delivered;
  const notes = [
    failure === null ? null : t(`failure.${failure}`),
    at === null ? null : format.moment(at),
    attempts > 1 ? t('recipients.attempts', { count: attempts }) : null,
    inDoubt ? t('recipients.inDoubt') : null,
  ].filter((note) => note !== null);
  return (
    <>
      <OutcomeMark outcome={state} />
      {notes.length > 0 && <div className={classes.small}>{notes.join(' · ')}</div>}
    </>
  );
}
