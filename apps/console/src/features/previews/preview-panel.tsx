import type { PreviewRequest } from '@coupon-push/contract/pushes.ts';
import { type Language, languages } from '@coupon-push/i18n/languages.ts';
import { SegmentedControl, Skeleton, Tabs } from '@mantine/core';
import { IconBell, IconDeviceDesktop, IconDeviceMobile, IconMail, IconMessage, IconTicket } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isLanguage } from '../../lib/i18n.ts';
import { useDebounced } from '../../lib/use-debounced.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { marketplaceQuery } from '../marketplace/api/get-marketplace.ts';
import { previewQuery } from './api/get-preview.ts';
import { AppPushView } from './app-push-view.tsx';
import { EmailView, firstLook } from './email-view.tsx';
import classes from './preview.module.css';
import { QpostView } from './qpost-view.tsx';

const TestSendDialog = lazy(() =>
  import('./test-send-dialog.tsx').then((module) => ({ default: module.TestSendDialog })),
);

interface PreviewPanelProps {
  shopId: number;
  /** null: nothing to show before a coupon is chosen. */
  request: PreviewRequest | null;
  /** The width of the e-mail to begin with. */
  width?: 'phone' | 'desktop';
}

/** The three messages as customers will get them, following the form. */
export function PreviewPanel({ shopId, request, width: firstWidth = 'phone' }: PreviewPanelProps) {
  const { t } = useTranslation();
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  const settled = useDebounced(request, 350);
  const preview = useQuery(previewQuery(shopId, settled));
  const [language, setLanguage] = useState<Language>(marketplace.language);
  const [width, setWidth] = useState(firstWidth);
  const [look, setLook] = useState(firstLook);
  const [testing, setTesting] = useState(false);
  const message = preview.data?.previews.find((one) => one.language === language);
  const stale = preview.isPlaceholderData || JSON.stringify(request) !== JSON.stringify(settled);

  return (
    <Tabs defaultValue="email" className={classes.panel ?? ''} keepMounted={false}>
      <div className={classes.head}>
        <Tabs.List>
          <Tabs.Tab value="email" leftSection={<IconMail size={16} />}>
            {t('preview.email')}
          </Tabs.Tab>
          <Tabs.Tab value="qpost" leftSection={<IconMessage size={16} />}>
            Qpost
          </Tabs.Tab>
          <Tabs.Tab value="app_push" leftSection={<IconBell size={16} />}>
            {t('preview.appPush')}
          </Tabs.Tab>
        </Tabs.List>
        <div className={classes.switches}>
          <SegmentedControl
            size="xs"
            aria-label={t('preview.language')}
            value={language}
            onChange={(value) => isLanguage(value) && setLanguage(value)}
            data={languages.map((value) => ({ value, label: value }))}
          />
          <SegmentedControl
            size="xs"
            aria-label={t('preview.width')}
            value={width}
            onChange={(value) => setWidth(value === 'desktop' ? 'desktop' : 'phone')}
            data={[
              { value: 'phone', label: <WidthLabel icon={<IconDeviceMobile size={16} />} text={t('preview.phone')} /> },
              {
                value: 'desktop',
                label: <WidthLabel icon={<IconDeviceDesktop size={16} />} text={t('preview.desktop')} />,
              },
            ]}
          />
        </div>
      </div>
      <div className={classes.body} aria-busy={stale}>
        {request === null && (
          <EmptyState icon={<IconTicket />} title={t('preview.emptyTitle')} text={t('preview.emptyText')} />
        )}
        {request !== null && preview.isError && (
          <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
        )}
        {request !== null && message === undefined && !preview.isError && <Skeleton height="100%" mih={320} />}
        {request !== null && message !== undefined && !preview.isError && (
          <>
            <Tabs.Panel value="email" className={classes.tab ?? ''}>
              <EmailView
                email={message.email}
                language={language}
                width={width}
                look={look}
                onLook={setLook}
                onTest={() => setTesting(true)}
              />
            </Tabs.Panel>
            <Tabs.Panel value="qpost" className={classes.tab ?? ''}>
              <QpostView qpost={message.qpost} language={language} width={width} />
            </Tabs.Panel>
            <Tabs.Panel value="app_push" className={classes.tab ?? ''}>
              <AppPushView appPush={message.appPush} language={language} />
            </Tabs.Panel>
          </>
        )}
      </div>
      {testing && request !== null && (
        <Suspense fallback={null}>
          <TestSendDialog shopId={shopId} request={request} language={language} onClose={() => setTesting(false)} />
        </Suspense>
      )}
    </Tabs>
  );
}

function WidthLabel({ icon, text }: { icon: React.ReactNode; text: string }) {
  return (
    <span className={classes.width} title={text}>
      {icon}
      <span className="cp-sr">{text}</span>
    </span>
  );
}
