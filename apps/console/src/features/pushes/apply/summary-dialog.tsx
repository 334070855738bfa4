import type { Coupon } from '@coupon-push/contract/coupons.ts';
import type { Push } from '@coupon-push/contract/pushes.ts';
import type { Slot } from '@coupon-push/contract/slots.ts';
import { Alert, Checkbox } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../../lib/http.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Fact, FactList } from '../../../ui/fact-list.tsx';
import { ProblemBanner } from '../../../ui/problem-banner.tsx';
import { audienceQuery } from '../../audiences/api/get-audience.ts';
import { LinkTarget } from '../../banners/link-target.tsx';
import { tickedCount } from '../../compensation/rules.ts';
import { CouponTicket } from '../../coupons/coupon-ticket.tsx';
import { useMarketplaceNow } from '../../marketplace/clock.ts';
import { useFormat } from '../../marketplace/use-format.ts';
import { applyForPush } from '../api/apply-for-push.ts';
import { useApply } from './apply-context.ts';
import { dropKey, keyFor } from './idempotency-key.ts';
import { applicationOf, bannerOf, registeredOf } from './rules.ts';
import classes from './summary-dialog.module.css';

interface SummaryDialogProps {
  slot: Slot;
  coupon: Coupon;
  onApplied: (push: Push) => void;
  /** The server refused for good: back to the form. */
  onRefused: (error: unknown) => void;
  onClose: () => void;
}

/** True when the same application may simply be sent again: no answer, or none that decides. */
function mayRepeat(error: unknown): boolean {
  const { status, code } = problemOf(error);
  return status === 0 || status === 429 || status >= 500 || code === 'idempotency_key_in_progress';
}

/** What is about to be applied for, to be confirmed. */
export function SummaryDialog({ slot, coupon, onApplied, onRefused, onClose }: SummaryDialogProps) {
  const { t } = useTranslation();
  const { shop, marketplace, values } = useApply();
  const format = useFormat();
  const client = useQueryClient();
  const now = useMarketplaceNow();
  const late = now.getTime() > Date.parse(slot.cancelUntil);
  const [confirmed, setConfirmed] = useState(false);
  const banner = bannerOf(values);

  const apply = useMutation({
    mutationFn: () => {
      const application = applicationOf(values, slot, {
        defaultCount: marketplace.bestItems.default,
        confirmedUncancellable: late && confirmed,
      });
      return applyForPush(shop.id, application, keyFor(shop.id, application));
    },
    onSuccess: (push) => {
      dropKey(shop.id);
      void client.invalidateQueries({ queryKey: ['shops', shop.id] });
      onApplied(push);
    },
    onError: (error) => {
      if (mayRepeat(error)) return;
      dropKey(shop.id);
      onRefused(error);
    },
  });

  return (
    <ConfirmDialog
      opened
      title={t('summary.title')}
      confirm={t('apply.submit')}
      size="lg"
      busy={apply.isPending}
      ready={!late || confirmed}
      onConfirm={() => apply.mutate()}
      onClose={onClose}
    >
      <FactList>
        <Fact label={t('apply.type.label')}>{t(`apply.type.${values.type}`)}</Fact>
        <Fact label={t('apply.coupon.label')}>
          <CouponTicket shop={shop.name} terms={coupon} couponId={coupon.id} />
        </Fact>
        <Fact label={t('apply.items.label')}>
          {values.itemsMode === 'chosen'
            ? t('summary.chosen', { count: values.chosen.length })
            : t('summary.rank', { count: values.rankCount ?? marketplace.bestItems.default })}
        </Fact>
        <Fact label={t('apply.sendTo.label')}>{values.type === 'compensation' ? <FromOrders /> : <ToFellows />}</Fact>
        <Fact label={t('apply.slot.label')}>
          <strong>{format.moment(slot.slot)}</strong>
          {!late && <div>{t('summary.cancelUntil', { moment: format.moment(slot.cancelUntil) })}</div>}
        </Fact>
        {values.remindDays !== null && (
          <Fact label={t('apply.reminder.label')}>{t('apply.reminder.days', { count: values.remindDays })}</Fact>
        )}
        <Fact label={t('apply.banner.label')}>
          {values.banner !== null && banner !== null ? (
            <>
              <img className={classes.banner} src={values.banner.url} alt={t('apply.banner.alt')} />
              <LinkTarget shopId={shop.id} link={banner.link} />
            </>
          ) : (
            t('summary.noBanner')
          )}
        </Fact>
      </FactList>
      <p className="cp-note">{t('summary.what')}</p>
      {late && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
          <p className={classes.warning}>{t('apply.slot.uncancellable', { hours: marketplace.cancelHours })}</p>
          <Checkbox
            label={t('summary.confirmUncancellable')}
            checked={confirmed}
            onChange={(event) => setConfirmed(event.currentTarget.checked)}
            data-autofocus
          />
        </Alert>
      )}
      {apply.isError && mayRepeat(apply.error) && <ProblemBanner error={apply.error} />}
    </ConfirmDialog>
  );
}

function ToFellows() {
  const { t } = useTranslation();
  const { shop, values } = useApply();
  const format = useFormat();
  const audience = useQuery(audienceQuery(shop.id, registeredOf(values) ?? null));
  return (
    <>
      {t('apply.sendTo.fellows')}{' '}
      {values.registeredMode === 'period'
        ? `(${t('apply.filter.registered')} ${format.day(values.from)} ~ ${format.day(values.until)})`
        : `(${t('apply.filter.all')})`}
      {audience.data !== undefined && (
        <div>
          {t('summary.reachable', {
            reachable: format.number(audience.data.reachable),
            matching: format.number(audience.data.matching),
          })}
          <p className="cp-note">{t('apply.filter.estimate')}</p>
        </div>
      )}
    </>
  );
}

function FromOrders() {
  const { t } = useTranslation();
  const { values, upload } = useApply();
  const format = useFormat();
  if (upload === null || upload === 'gone') return null;
  return (
    <>
      {upload.source === 'file' ? upload.fileName : t('compensation.upload.fromOrders')}
      <div>
        {t('compensation.recipients.ticked', {
          ticked: format.number(tickedCount(values.selection, upload)),
          customers: format.number(upload.customers),
        })}
      </div>
      <p className="cp-note">{t('apply.filter.estimate')}</p>
    </>
  );
}
