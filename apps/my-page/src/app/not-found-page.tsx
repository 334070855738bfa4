import { Link } from 'wouter';
import { useText } from '../lib/i18n.ts';
import { Page } from '../ui/page.tsx';

/** Also what is gone. */
export function NotFoundPage({ title }: { title?: string }) {
  const { t } = useText();
  return (
    <Page title={title ?? t('common.notFound')}>
      <p>{t('common.notFoundText')}</p>
      <p>
        <Link href="/coupons" className="button">
          {t('common.toCoupons')}
        </Link>
      </p>
    </Page>
  );
}
