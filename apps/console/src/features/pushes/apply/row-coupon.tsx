import type { Coupon } from '@coupon-push/contract/coupons.ts';
import { Alert, Button, Group, Select } from '@mantine/core';
import { IconAlertTriangle, IconRefresh, IconSettings } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FormRow } from '../../../ui/form-row.tsx';
import { ProblemBanner } from '../../../ui/problem-banner.tsx';
import { couponsQuery } from '../../coupons/api/get-coupons.ts';
import { CouponTicket } from '../../coupons/coupon-ticket.tsx';
import { useTermsText } from '../../coupons/use-terms-text.ts';
import classes from './apply.module.css';
import { useApply } from './apply-context.ts';
import { isValidityShort } from './rules.ts';

export function CouponRow() {
  const { t } = useTranslation();
  const { shop, values, change, coupon, errorOf } = useApply();
  const text = useTermsText();
  const coupons = useQuery(couponsQuery(shop.id, { state: 'active', limit: 100 }));
  const listed = coupons.data?.entries ?? [];
  const options = coupon === null || listed.some(({ id }) => id === coupon.id) ? listed : [coupon, ...listed];
  const error = errorOf('coupon');

  return (
    <FormRow field="coupon" label={t('apply.coupon.label')} error={error}>
      <div className={classes.couponLine}>
        <Select
          className={classes.couponSelect ?? ''}
          aria-label={t('apply.coupon.label')}
          placeholder={t('apply.coupon.choose')}
          searchable
          // A refusal puts the focus here, and its sentence must not be covered.
          openOnFocus={false}
          allowDeselect={false}
          aria-invalid={error !== undefined}
          error={error !== undefined}
          nothingFoundMessage={coupons.isPending ? t('common.loading') : t('apply.coupon.none')}
          value={values.couponId === null ? null : String(values.couponId)}
          onChange={(id) => change({ couponId: id === null ? null : Number(id) })}
          data={options.map((option) => ({
            value: String(option.id),
            label: `${option.name}  ${text.discount(option)}  ${option.id}`,
            disabled: option.notSendable !== null,
          }))}
        />
        <Group gap="xs">
          <Button
            component={Link}
            to={
              listed.length === 0 && coupons.isSuccess
                ? `/shops/${shop.id}/coupons/new?back=push`
                : `/shops/${shop.id}/coupons`
            }
            variant="default"
            leftSection={<IconSettings size={16} />}
          >
            {t('apply.coupon.settings')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} />}
            loading={coupons.isFetching && !coupons.isPending}
            onClick={() => void coupons.refetch()}
          >
            {t('apply.coupon.refresh')}
          </Button>
        </Group>
      </div>
      {coupons.isError && <ProblemBanner error={coupons.error} />}
      {coupons.isSuccess && options.length === 0 && <p className="cp-note">{t('apply.coupon.setUpFirst')}</p>}
      {coupon !== null && <ChosenCoupon coupon={coupon} />}
      <p className="cp-note">{t('apply.coupon.qstoreNote')}</p>
      <p className="cp-note">{t('apply.coupon.validityNote')}</p>
    </FormRow>
  );
}

function ChosenCoupon({ coupon }: { coupon: Coupon }) {
  const { t } = useTranslation();
  const { shop, values } = useApply();
  const text = useTermsText();
  const known = values.date !== '' || coupon.validity.kind === 'days';
  const short = known && isValidityShort(coupon.validity, values.date, values.time);
  return (
    <>
      <CouponTicket shop={shop.name} terms={coupon} couponId={coupon.id} dimmed={coupon.notSendable !== null} />
      <dl className={classes.terms}>
        <div>
          <dt>{t('coupon.number')}</dt>
          <dd>{coupon.id}</dd>
        </div>
        <div>
          <dt>{t('coupon.terms')}</dt>
          <dd>{text.guide(coupon)}</dd>
        </div>
        <div>
          <dt>{t('coupon.validity')}</dt>
          <dd>{text.validity(coupon)}</dd>
        </div>
      </dl>
      {short && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
          {t('apply.coupon.short')}
        </Alert>
      )}
    </>
  );
}
