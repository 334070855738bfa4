import type { Following, ShopPage } from '@coupon-push/contract/my-page.ts';
import { IconHeart, IconHeartFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { request } from '../../lib/http.ts';
import { useText } from '../../lib/i18n.ts';
import { useAction } from '../../lib/use-action.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Refusal } from '../../ui/states.tsx';
import { SwitchRow } from '../../ui/switch-row.tsx';
import classes from './shops.module.css';

interface FollowPanelProps {
  shop: ShopPage['shop'];
  following: Following;
  onChange: (following: Following) => void;
}

/** Following a shop is what makes a fellow: its coupons come from then on. */
export function FollowPanel({ shop, following, onChange }: FollowPanelProps) {
  const { t } = useText();
  const [leaving, setLeaving] = useState(false);
  const address = `/api/my/shops/${encodeURIComponent(shop.shopNo)}`;
  const change = useAction(async (method: 'PUT' | 'DELETE', path: '' | '/mute') => {
    onChange(await request<Following>(address + path, method));
    setLeaving(false);
  });
  return (
    <section className={classes.follow} aria-label={t('shops.title')}>
      {following.followed ? (
        <button type="button" className="button" aria-pressed disabled={change.busy} onClick={() => setLeaving(true)}>
          <IconHeartFilled size={20} color="var(--accent)" aria-hidden />
          {t('shops.following')}
        </button>
      ) : (
        <>
          <button
            type="button"
            className="button button-main"
            disabled={change.busy}
            onClick={() => void change.run('PUT', '')}
          >
            <IconHeart size={20} aria-hidden />
            {t('shops.follow')}
          </button>
          <p className="note">{t('shops.followNote')}</p>
        </>
      )}
      {!leaving && <Refusal error={change.refusal} />}
      {following.followed && (
        <SwitchRow
          label={t('shops.mute')}
          text={t('shops.muteText')}
          on={following.muted}
          disabled={change.busy}
          onChange={(on) => void change.run(on ? 'PUT' : 'DELETE', '/mute')}
        />
      )}
      {leaving && (
        <Confirm
          question={t('shops.unfollowQuestion', { shop: shop.name })}
          text={t('shops.unfollowText')}
          action={t('shops.unfollow')}
          busy={change.busy}
          onAct={() => void change.run('DELETE', '')}
          onClose={() => setLeaving(false)}
        >
          <Refusal error={change.refusal} />
        </Confirm>
      )}
    </section>
  );
}
