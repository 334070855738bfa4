import type { Push } from '@coupon-push/contract/pushes.ts';
import { useTranslation } from 'react-i18next';
import { Fact, FactList } from '../../../ui/fact-list.tsx';
import { LinkTarget } from '../../banners/link-target.tsx';
import { CouponTicket } from '../../coupons/coupon-ticket.tsx';
import { useFormat } from '../../marketplace/use-format.ts';
import classes from './push-page.module.css';

/** What was applied for: terms as they were frozen, items, audience, banner, and by whom. */
export function PushContent({ shop, push }: { shop: { id: number; name: string }; push: Push }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className={classes.section} aria-label={t('push.content')}>
      <h2>{t('push.content')}</h2>
      <CouponTicket shop={shop.name} terms={push.terms} couponId={push.couponId} />
      <FactList>
        <Fact label={t('apply.type.label')}>{t(`apply.type.${push.type}`)}</Fact>
        <Fact label={t('push.appliedAt')}>{format.timestamp(push.appliedAt)}</Fact>
        <Fact label={t('push.appliedBy')}>{push.appliedBy}</Fact>
        <Fact label={t('push.slot')}>{format.moment(push.slot)}</Fact>
        <Fact label={t('apply.sendTo.label')}>
          {push.type === 'compensation' ? (
            t('compensation.targets', {
              orders: format.number(push.targets?.orders ?? 0),
              customers: format.number(push.targets?.customers ?? 0),
            })
          ) : (
            <>
              {t('apply.sendTo.fellows')}{' '}
              {push.registered === null
                ? `(${t('apply.filter.all')})`
                : `(${t('apply.filter.registered')} ${format.day(push.registered.from)} ~ ${format.day(push.registered.until)})`}
            </>
          )}
        </Fact>
        <Fact label={t('apply.items.label')}>
          {push.items.mode === 'rank'
            ? t('summary.rank', { count: push.items.count })
            : t('summary.chosen', { count: push.items.itemIds.length })}
          {push.chosenItems.length > 0 && (
            <ol className={classes.thumbs}>
              {push.chosenItems.map((item) => (
                <li key={item.id}>
                  <img src={item.imageUrl} alt={item.name} title={item.name} width={44} height={44} loading="lazy" />
                </li>
              ))}
            </ol>
          )}
        </Fact>
        {push.reminder !== null && (
          <Fact label={t('apply.reminder.label')}>
            {t('apply.reminder.days', { count: push.reminder.days })}
            {push.reminder.at !== null && <div className="cp-note">{format.moment(push.reminder.at)}</div>}
          </Fact>
        )}
        <Fact label={t('apply.banner.label')}>
          {push.banner === null ? (
            t('summary.noBanner')
          ) : (
            <>
              <img className={classes.banner} src={push.banner.banner.url} alt={t('apply.banner.alt')} />
              <LinkTarget shopId={shop.id} link={push.banner.link} />
            </>
          )}
        </Fact>
      </FactList>
    </section>
  );
}
