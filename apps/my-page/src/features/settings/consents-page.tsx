import type { Consent } from '@coupon-push/contract/my-page.ts';
import { IconChecklist } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useText } from '../../lib/i18n.ts';
import type { TextKey } from '../../lib/translate.ts';
import { useFormat } from '../../lib/use-format.ts';
import { EndlessList } from '../../ui/endless-list.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import classes from './settings.module.css';

const ways: Record<string, TextKey> = {
  my_page: 'settings.howMyPage',
  one_click: 'settings.howOneClick',
  page: 'settings.howPage',
  import: 'settings.howImport',
  complaint: 'settings.howComplaint',
};

/** What was agreed to or refused, when, how and where; the newest first. */
export function ConsentsPage() {
  const { t } = useText();
  return (
    <Page title={t('settings.history')} above={<Link href="/settings">{t('settings.title')}</Link>}>
      <p className="note">{t('settings.historyText')}</p>
      <EndlessList<Consent>
        address="/api/my/consents"
        keyOf={({ kind, recordedAt, shop }) => `${kind} ${recordedAt} ${shop?.shopNo ?? ''}`}
        show={(consent) => <Record consent={consent} />}
        empty={
          <EmptyState
            icon={<IconChecklist />}
            title={t('settings.historyEmpty')}
            text={t('settings.historyEmptyText')}
          />
        }
        skeletonHeight={64}
      />
    </Page>
  );
}

function Record({ consent }: { consent: Consent }) {
  const { t } = useText();
  const { moment } = useFormat();
  const kinds = {
    coupon_mail: t('settings.couponMail'),
    app_push: t('settings.appPush'),
    night_messages: t('settings.nightMessages'),
    shop: t('settings.kindShop', { shop: consent.shop?.name ?? '' }),
  };
  return (
    <div className={classes.record}>
      <span>
        {kinds[consent.kind]}: <strong>{t(consent.given ? 'settings.agreed' : 'settings.refused')}</strong>
      </span>
      <span className="note">
        {moment(consent.recordedAt)} · {t(ways[consent.how] ?? 'settings.howOther')}
      </span>
    </div>
  );
}
