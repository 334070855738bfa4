import type { MyCoupon } from '@coupon-push/contract/my-page.ts';
import { type ReactNode, useState } from 'react';
import { useText } from '../../lib/i18n.ts';
import { useFormat } from '../../lib/use-format.ts';
import { LeadingLink } from '../../ui/leading-link.tsx';
import { Ticket } from '../../ui/ticket.tsx';
import classes from './coupon-card.module.css';
import { useCouponTerms } from './use-coupon-terms.ts';

/** A coupon of the box with its terms in plain words, its code, and the way to use it. */
export function CouponCard({ coupon }: { coupon: MyCoupon }) {
  const terms = useCouponTerms(coupon);
  const usable = coupon.state === 'usable';
  return (
    <article className={classes.card} aria-label={`${coupon.shop.name} ${terms.discount}`}>
      <Ticket
        shop={coupon.shop.name}
        discount={terms.discount}
        lines={terms.lines}
        stub={<Stub coupon={coupon} />}
        dimmed={!usable}
      />
      {usable && <HowToUse coupon={coupon} />}
    </article>
  );
}

/** How long it still is, or what became of it. */
function Stub({ coupon }: { coupon: MyCoupon }): ReactNode {
  const { t } = useText();
  const { now } = useFormat();
  if (coupon.state !== 'usable') return <strong>{t(`coupons.${coupon.state}`)}</strong>;
  if (Date.parse(coupon.validFrom) > now()) return <strong>{t('coupons.notYet')}</strong>;
  const hours = Math.floor((Date.parse(coupon.validUntil) - now()) / 3_600_000);
  const soon = hours < 72;
  const left =
    hours >= 24
      ? t('coupons.daysLeft', { count: Math.floor(hours / 24) })
      : hours >= 1
        ? t('coupons.hoursLeft', { count: hours })
        : t('coupons.soon');
  return <strong className={soon ? classes.soon : undefined}>{left}</strong>;
}

function HowToUse({ coupon }: { coupon: MyCoupon }) {
  const { t } = useText();
  const [codeShown, setCodeShown] = useState(false);
  return (
    <>
      <div className={classes.use}>
        <LeadingLink href={coupon.useUrl} className="button">
          {t('coupons.use')}
        </LeadingLink>
        <button
          type="button"
          className="button button-quiet"
          aria-expanded={codeShown}
          onClick={() => setCodeShown(!codeShown)}
        >
          {t('coupons.code')}
        </button>
      </div>
      {codeShown && <CouponCode code={coupon.code} />}
    </>
  );
}

function CouponCode({ code }: { code: string }) {
  const { t } = useText();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(code);
    setCopied(true);
  };
  return (
    <>
      <p className={classes.code}>
        <code>{code}</code>
        {'clipboard' in navigator && (
          <button type="button" className="button" onClick={() => void copy()}>
            <span aria-live="polite">{t(copied ? 'coupons.copied' : 'coupons.copy')}</span>
          </button>
        )}
      </p>
      <p className="note">{t('coupons.howTo')}</p>
    </>
  );
}
