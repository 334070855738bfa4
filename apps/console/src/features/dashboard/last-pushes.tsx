import type { PushResult } from '@coupon-push/contract/dashboard.ts';
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { useTermsText } from '../coupons/use-terms-text.ts';
import { useFormat } from '../marketplace/use-format.ts';
import { StateBadge } from '../pushes/state-badge.tsx';

/** What went out last and how well it was taken up. */
export function LastPushes({ shopId, pushes }: { shopId: string; pushes: PushResult[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const text = useTermsText();
  if (pushes.length === 0) return <p className="cp-note">{t('dashboard.noneLast')}</p>;
  const rate = ({ issued, used }: PushResult) => (issued === 0 ? '–' : `${((used / issued) * 100).toFixed(1)}%`);
  const columns: Column<PushResult>[] = [
    {
      key: 'id',
      label: t('push.number'),
      render: (push) => (
        <Anchor component={Link} to={`/shops/${shopId}/pushes/${push.id}`}>
          {push.id}
        </Anchor>
      ),
    },
    { key: 'type', label: t('apply.type.label'), render: ({ type }) => t(`apply.type.${type}`) },
    { key: 'terms', label: t('coupon.terms'), render: (push) => text.guide(push.terms) },
    { key: 'slot', label: t('push.slot'), render: (push) => format.moment(push.slot) },
    { key: 'state', label: t('push.state'), render: (push) => <StateBadge state={push.state} /> },
    {
      key: 'recipients',
      label: t('push.recipients'),
      figure: true,
      render: ({ recipients }) => (recipients === null ? '–' : format.number(recipients)),
    },
    { key: 'used', label: t('dashboard.used'), figure: true, render: ({ used }) => format.number(used) },
    { key: 'rate', label: t('dashboard.rate'), figure: true, render: rate },
  ];
  return <DataTable caption={t('dashboard.last')} columns={columns} rows={pushes} rowKey={({ id }) => id} />;
}
