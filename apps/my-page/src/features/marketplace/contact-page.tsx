import { useText } from '../../lib/i18n.ts';
import { Page } from '../../ui/page.tsx';
import { useMarketplace } from './marketplace.tsx';

/** Who sends, and where: for a marketplace that has no page of its own for this. */
export function ContactPage() {
  const { t } = useText();
  const { senderName, senderPostalAddress } = useMarketplace();
  return (
    <Page title={t('contact.title')}>
      <p>{t('contact.text')}</p>
      <address>
        {senderName}
        <br />
        {senderPostalAddress}
      </address>
    </Page>
  );
}
