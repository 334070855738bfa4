import type { FieldError } from '@coupon-push/contract/problem.ts';
import { Anchor, Button, Group } from '@mantine/core';
import { IconArrowLeft, IconLock } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../lib/http.ts';
import { focusField } from '../../ui/form-row.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { marketplaceNow } from '../marketplace/clock.ts';
import { dayOf } from '../marketplace/days.ts';
import { useFormat } from '../marketplace/use-format.ts';
import { useShop } from '../session/use-shop.ts';
import { createCoupon } from './api/create-coupon.ts';
import { CouponFields } from './coupon-fields.tsx';
import { CouponTicket } from './coupon-ticket.tsx';
import classes from './new-coupon-page.module.css';
import { type CouponForm, couponErrors, couponOf, emptyCouponForm } from './rules.ts';

const from = '/signed-in/shops/$shopId/coupons/new';

/** For owners: a coupon's terms are money. */
export function NewCouponPage() {
  const { t } = useTranslation();
  const { shopId } = useParams({ from });
  const shop = useShop(shopId);
  if (shop.role === 'owner') return <NewCoupon shopId={shopId} shop={shop} />;
  return (
    <>
      <PageHead title={t('coupons.create')} />
      <EmptyState icon={<IconLock />} title={t('coupons.ownersOnly')} text={t('staff.ownersOnlyText')} />
    </>
  );
}

/** Sets up a shop coupon, with the ticket as customers will see it beside the form. */
function NewCoupon({ shopId, shop }: { shopId: string; shop: { id: number; name: string } }) {
  const { t } = useTranslation();
  const { back } = useSearch({ from });
  const format = useFormat();
  const navigate = useNavigate();
  const client = useQueryClient();
  const form = useForm<CouponForm>({ defaultValues: emptyCouponForm });
  const values = form.watch();
  const today = dayOf(marketplaceNow(), format.zone);
  const [attempted, setAttempted] = useState(false);
  const [refused, setRefused] = useState<FieldError[]>([]);
  const errors = attempted ? [...couponErrors(values, today), ...refused] : [];

  // After the messages are on the page, so that the focus lands on what is marked.
  const jump = (field: string | undefined) => {
    if (field !== undefined) setTimeout(() => focusField(field), 50);
  };

  const create = useMutation({
    mutationFn: () => createCoupon(shop.id, couponOf(form.getValues(), format.minorUnits)),
    onSuccess: async (coupon) => {
      await client.invalidateQueries({ queryKey: ['shops', shop.id, 'coupons'] });
      if (back === 'push')
        await navigate({ to: '/shops/$shopId/push', params: { shopId }, search: { coupon: coupon.id } });
      else await navigate({ to: '/shops/$shopId/coupons', params: { shopId }, search: {} });
    },
    onError: (error) => {
      const { fields } = problemOf(error);
      setRefused(fields);
      jump(fields[0]?.field);
    },
  });

  const submit = form.handleSubmit((typed) => {
    setAttempted(true);
    setRefused([]);
    const [first] = couponErrors(typed, today);
    if (first === undefined) create.mutate();
    else jump(first.field);
  });

  const overview = (
    <Anchor
      component={Link}
      to={back === 'push' ? `/shops/${shopId}/push` : `/shops/${shopId}/coupons`}
      className={classes.back ?? ''}
    >
      <IconArrowLeft size={14} aria-hidden /> {t(back === 'push' ? 'apply.title' : 'coupons.title')}
    </Anchor>
  );

  return (
    <>
      <PageHead title={t('coupons.create')} before={overview} />
      <div className={classes.columns}>
        <form className={classes.form} onSubmit={submit} noValidate>
          <CouponFields form={form} errors={errors} />
          {create.isError && problemOf(create.error).fields.length === 0 && <ProblemBanner error={create.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={create.isPending}>
              {t('coupons.save')}
            </Button>
          </Group>
        </form>
        <aside className={classes.aside} aria-label={t('coupons.ticket')}>
          <p className="cp-note">{t('coupons.ticket')}</p>
          <CouponTicket shop={shop.name} terms={drawn(values, format.minorUnits, today)} />
        </aside>
      </div>
    </>
  );
}

/** The terms as far as they are typed: missing days are drawn as today. */
function drawn(values: CouponForm, minorUnits: number, today: string) {
  return couponOf({ ...values, from: values.from || today, until: values.until || values.from || today }, minorUnits);
}
