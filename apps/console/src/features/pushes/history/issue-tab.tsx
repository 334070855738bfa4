import type { PushSummary } from '@coupon-push/contract/pushes.ts';
import { Anchor } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Pager } from '../../../ui/pager.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../../ui/states.tsx';
import { useTermsText } from '../../coupons/use-terms-text.ts';
import { ExportMenu } from '../../exports/export-menu.tsx';
import { MomentText } from '../../marketplace/moment-text.tsx';
import { useFormat } from '../../marketplace/use-format.ts';
import { pushesQuery } from '../api/get-pushes.ts';
import { StateBadge } from '../state-badge.tsx';
import type { TabProps } from './cancel-tab.tsx';
import classes from './history.module.css';

interface IssueTabProps extends TabProps {
  type: PushSummary['type'];
  /** A way to a longer period when this one has none. */
  lookBack: ReactNode;
}

/** Every application of one type, and what became of it. */
export function IssueTab({ shop, filter, onPage, type, lookBack }: IssueTabProps) {
  const { t } = useTranslation();
  const columns = useColumns(shop.id);
  const { after, ...narrowed } = { ...filter, type };
  const pushes = useQuery(pushesQuery(shop.id, { ...narrowed, after }));
  if (pushes.isPending) return <ListSkeleton />;
  if (pushes.isError) return <ErrorState error={pushes.error} onRetry={() => void pushes.refetch()} />;
  if (pushes.data.entries.length === 0) {
    const none = type === 'promotion' ? 'nonePushed' : 'noneCompensated';
    return (
      <EmptyState icon={<IconSend />} title={t(`history.${none}`)} text={t(`history.${none}Text`)} action={lookBack} />
    );
  }
  return (
    <>
      <div className={classes.listHead}>
        <ExportMenu shopId={shop.id} list="pushes" filter={narrowed} label={t(`history.${type}Tab`)} />
      </div>
      <DataTable
        caption={t(`history.${type}Tab`)}
        columns={columns}
        rows={pushes.data.entries}
        rowKey={(push) => push.id}
        stale={pushes.isPlaceholderData}
      />
      <Pager after={filter.after} next={pushes.data.next} onPage={onPage} />
    </>
  );
}

function useColumns(shopId: number): Column<PushSummary>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const text = useTermsText();
  const figure = (value: number | null) => (value === null ? '–' : format.number(value));
  return [
    {
      key: 'id',
      label: t('push.number'),
      figure: true,
      render: (push) => (
        <Anchor component={Link} to={`/shops/${shopId}/pushes/${push.id}`}>
          {push.id}
        </Anchor>
      ),
    },
    { key: 'coupon', label: t('coupon.number'), figure: true, render: (push) => push.couponId },
    { key: 'terms', label: t('coupon.terms'), render: (push) => text.guide(push.terms) },
    { key: 'applied', label: t('push.appliedAt'), render: (push) => <MomentText at={push.appliedAt} /> },
    { key: 'slot', label: t('push.expected'), render: (push) => <MomentText at={push.slot} /> },
    {
      key: 'state',
      label: t('push.state'),
      render: (push) => (
        <>
          <StateBadge state={push.state} />
          {push.notSentReason !== null && <div className={classes.note}>{t(`notSent.${push.notSentReason}`)}</div>}
        </>
      ),
    },
    { key: 'recipients', label: t('push.recipients'), figure: true, render: (push) => figure(push.recipients) },
    { key: 'emails', label: t('push.emailsSent'), figure: true, render: (push) => figure(push.emailsSent) },
  ];
}
