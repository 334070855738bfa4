import type { MyCoupon } from '@coupon-push/contract/my-page.ts';
import { myCouponStates } from '@coupon-push/contract/my-page-states.ts';
import { IconTicket } from '@tabler/icons-react';
import { Link, useSearchParams } from 'wouter';
import { useText } from '../../lib/i18n.ts';
import { EndlessList } from '../../ui/endless-list.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { TabLinks } from '../../ui/tabs.tsx';
import { CouponCard } from './coupon-card.tsx';
import { couponsAddress } from './coupons-address.ts';

/** The coupon box: usable coupons, the soonest to expire first; used and expired ones, the latest first. */
export function CouponBoxPage() {
  const { t } = useText();
  const [search] = useSearchParams();
  const state = myCouponStates.find((one) => one === search.get('state')) ?? 'usable';
  return (
    <Page title={t('coupons.title')}>
      <TabLinks
        label={t('coupons.states')}
        tabs={myCouponStates.map((one) => ({
          href: one === 'usable' ? '/coupons' : `/coupons?state=${one}`,
          text: t(`coupons.${one}`),
          current: one === state,
        }))}
      />
      <EndlessList<MyCoupon>
        key={state}
        address={couponsAddress(state)}
        keyOf={(coupon) => coupon.code}
        show={(coupon) => <CouponCard coupon={coupon} />}
        empty={
          <EmptyState
            icon={<IconTicket />}
            title={t(`coupons.${state}Empty`)}
            text={t(`coupons.${state}EmptyText`)}
            action={
              state === 'usable' && (
                <Link href="/shops" className="button">
                  {t('coupons.toShops')}
                </Link>
              )
            }
          />
        }
        skeletonHeight={150}
      />
    </Page>
  );
}
