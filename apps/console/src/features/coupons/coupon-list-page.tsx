import type { Coupon } from '@coupon-push/contract/coupons.ts';
import { Anchor, Button, Group, SegmentedControl } from '@mantine/core';
import { IconPlus, IconTicket } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Pager } from '../../ui/pager.tsx';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { dayOf } from '../marketplace/days.ts';
import { useFormat } from '../marketplace/use-format.ts';
import { useShop } from '../session/use-shop.ts';
import { couponsQuery } from './api/get-coupons.ts';
import { stopCoupon } from './api/stop-coupon.ts';
import { CouponState } from './coupon-state.tsx';
import { CouponTicket } from './coupon-ticket.tsx';
import { useTermsText } from './use-terms-text.ts';

const from = '/signed-in/shops/$shopId/coupons';

/** The shop's coupons: set up, look at, stop. */
export function CouponListPage() {
  const { t } = useTranslation();
  const { shopId } = useParams({ from });
  const shop = useShop(shopId);
  const search = useSearch({ from });
  const navigate = useNavigate();
  const coupons = useQuery(couponsQuery(shop.id, search));
  const [stopping, setStopping] = useState<Coupon | null>(null);
  const isOwner = shop.role === 'owner';
  const columns = useColumns(shopId, isOwner, setStopping);

  const create = isOwner ? (
    <Button component={Link} to={`/shops/${shopId}/coupons/new`} leftSection={<IconPlus size={16} />}>
      {t('coupons.create')}
    </Button>
  ) : (
    <OwnersOnly />
  );

  return (
    <>
      <PageHead title={t('coupons.title')} lead={t('coupons.lead')} actions={create} />
      <SegmentedControl
        mb="sm"
        size="xs"
        aria-label={t('coupons.filter')}
        value={search.state ?? 'all'}
        onChange={(value) =>
          void navigate({
            to: '/shops/$shopId/coupons',
            params: { shopId },
            search: value === 'active' || value === 'stopped' ? { state: value } : {},
          })
        }
        data={[
          { value: 'all', label: t('coupons.all') },
          { value: 'active', label: t('coupon.state.active') },
          { value: 'stopped', label: t('coupon.state.stopped') },
        ]}
      />
      {coupons.isPending && <ListSkeleton />}
      {coupons.isError && <ErrorState error={coupons.error} onRetry={() => void coupons.refetch()} />}
      {coupons.data?.entries.length === 0 && (
        <EmptyState
          icon={<IconTicket />}
          title={t('coupons.emptyTitle')}
          text={t('coupons.emptyText')}
          action={create}
        />
      )}
      {coupons.data !== undefined && coupons.data.entries.length > 0 && (
        <>
          <DataTable
            caption={t('coupons.title')}
            columns={columns}
            rows={coupons.data.entries}
            rowKey={(coupon) => coupon.id}
            stale={coupons.isPlaceholderData}
          />
          <Pager
            after={search.after}
            next={coupons.data.next}
            onPage={(after) =>
              void navigate({ to: '/shops/$shopId/coupons', params: { shopId }, search: { ...search, after } })
            }
          />
        </>
      )}
      <StopDialog shop={shop} coupon={stopping} onClose={() => setStopping(null)} />
    </>
  );
}

/** What staff see where owners have the button: that it exists, and who may press it. */
function OwnersOnly() {
  const { t } = useTranslation();
  return (
    <>
      <span className="cp-note" id="coupons-owners-only">
        {t('coupons.ownersOnly')}
      </span>
      <Button disabled aria-describedby="coupons-owners-only" leftSection={<IconPlus size={16} />}>
        {t('coupons.create')}
      </Button>
    </>
  );
}

function useColumns(shopId: string, isOwner: boolean, onStop: (coupon: Coupon) => void): Column<Coupon>[] {
  const { t } = useTranslation();
  const text = useTermsText();
  const format = useFormat();
  return [
    { key: 'id', label: t('coupon.number'), figure: true, render: (coupon) => coupon.id },
    { key: 'name', label: t('coupon.name'), render: (coupon) => coupon.name },
    {
      key: 'terms',
      label: t('coupon.terms'),
      figure: true,
      render: (coupon) => (
        <>
          {text.guide(coupon)}
          <Limits coupon={coupon} />
        </>
      ),
    },
    { key: 'validity', label: t('coupon.validity'), render: (coupon) => text.validity(coupon) },
    { key: 'state', label: t('coupon.stateLabel'), render: (coupon) => <CouponState coupon={coupon} /> },
    {
      key: 'created',
      label: t('coupon.createdAt'),
      render: (coupon) => (
        <span style={{ whiteSpace: 'nowrap' }}>{format.day(dayOf(new Date(coupon.createdAt), format.zone))}</span>
      ),
    },
    {
      key: 'actions',
      label: <span className="cp-sr">{t('common.actions')}</span>,
      render: (coupon) => (
        <Group gap="xs" wrap="nowrap">
          {coupon.notSendable === null && (
            <Anchor
              component={Link}
              to={`/shops/${shopId}/push?coupon=${coupon.id}`}
              aria-label={`${t('coupons.send')}: ${coupon.id}`}
              style={{ whiteSpace: 'nowrap' }}
            >
              {t('coupons.send')}
            </Anchor>
          )}
          {coupon.state === 'active' && (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={`${t('coupons.stop')}: ${coupon.id}`}
              disabled={!isOwner}
              {...(isOwner ? {} : { 'aria-describedby': 'coupons-owners-only' })}
              onClick={() => onStop(coupon)}
            >
              {t('coupons.stop')}
            </Button>
          )}
        </Group>
      ),
    },
  ];
}

/** How much of its limit and budget is used up. */
function Limits({ coupon: { limits } }: { coupon: Coupon }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (limits === null) return null;
  const { useLimit, budgetMinor, used, spentMinor } = limits;
  return (
    <>
      {useLimit !== null && (
        <div className="cp-note">
          {t('coupons.limits.used', { used: format.number(used), limit: format.number(useLimit) })}
        </div>
      )}
      {budgetMinor !== null && (
        <div className="cp-note">
          {t('coupons.limits.spent', { spent: format.money(spentMinor), budget: format.money(budgetMinor) })}
        </div>
      )}
    </>
  );
}

interface StopDialogProps {
  shop: { id: number; name: string };
  coupon: Coupon | null;
  onClose: () => void;
}

function StopDialog({ shop, coupon, onClose }: StopDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: (couponId: number) => stopCoupon(shop.id, couponId),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['shops', shop.id] });
      onClose();
    },
  });
  const close = () => {
    stop.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={coupon !== null}
      title={t('coupons.stopTitle')}
      confirm={t('coupons.stop')}
      busy={stop.isPending}
      onConfirm={() => coupon !== null && stop.mutate(coupon.id)}
      onClose={close}
    >
      {coupon !== null && <CouponTicket shop={shop.name} terms={coupon} couponId={coupon.id} />}
      <p style={{ margin: 0 }}>{t('coupons.stopText')}</p>
      {stop.isError && <ProblemBanner error={stop.error} />}
    </ConfirmDialog>
  );
}
