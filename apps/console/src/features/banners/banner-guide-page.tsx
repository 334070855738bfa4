import { List } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../ui/page-head.tsx';
import { marketplaceQuery } from '../marketplace/api/get-marketplace.ts';
import { BannerExample, MailDrawing, SafeArea } from './banner-drawings.tsx';
import classes from './banner-guide-page.module.css';
import { bannerWidths, megabytes, smallestText } from './rules.ts';

/** What a banner must be and how to make a good one; has an address, so that it can be passed on to who draws it. */
export function BannerGuidePage() {
  const { t } = useTranslation();
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  const { sizes, maxBytes } = marketplace.banner;
  const named = sizes.map((size) => ({ ...size, text: `${size.width}px*${size.height}px` }));
  return (
    <div className={classes.page}>
      <PageHead title={t('bannerGuide.title')} lead={t('bannerGuide.lead')} />
      <Section title={t('bannerGuide.fileTitle')}>
        <List spacing={4}>
          <List.Item>{t('bannerGuide.size', { sizes: named.map(({ text }) => text).join(' / ') })}</List.Item>
          <List.Item>{t('bannerGuide.type')}</List.Item>
          <List.Item>{t('bannerGuide.weight', { megabytes: megabytes(maxBytes) })}</List.Item>
          <List.Item>{t('bannerGuide.still')}</List.Item>
          <List.Item>{t('bannerGuide.meta')}</List.Item>
        </List>
      </Section>
      <Section title={t('bannerGuide.placeTitle')}>
        <p>{t('bannerGuide.place')}</p>
        <div className={classes.mails}>
          {(['desktop', 'phone'] as const).map((on) => {
            const label = t(`bannerGuide.${on}`, { width: bannerWidths[on] });
            return (
              <figure key={on} data-on={on}>
                <MailDrawing on={on} label={label} banner={t('apply.banner.alt')} />
                <figcaption>{label}</figcaption>
              </figure>
            );
          })}
        </div>
      </Section>
      <Section title={t('bannerGuide.safeTitle')}>
        <List spacing={4}>
          <List.Item>{t('bannerGuide.safe')}</List.Item>
          {named.map(({ width, text }) => (
            <List.Item key={text}>{t('bannerGuide.smallest', { size: text, height: smallestText(width) })}</List.Item>
          ))}
        </List>
        {named.map(({ width, height, text }) => (
          <figure key={text}>
            <SafeArea width={width} height={height} label={t('bannerGuide.safeArea')} />
            <figcaption>{text}</figcaption>
          </figure>
        ))}
      </Section>
      <Section title={t('bannerGuide.textTitle')}>
        <List spacing={4}>
          {(['short', 'contrast', 'discount', 'imagesOff', 'language'] as const).map((rule) => (
            <List.Item key={rule}>{t(`bannerGuide.${rule}`)}</List.Item>
          ))}
        </List>
      </Section>
      <Section title={t('bannerGuide.examplesTitle')}>
        <Example kind="good" says={t('bannerGuide.goodText')} text={t('bannerGuide.sample')} />
        <Example kind="small" says={t('bannerGuide.badSmall')} text={t('bannerGuide.sampleLong')} />
        <Example kind="contrast" says={t('bannerGuide.badContrast')} text={t('bannerGuide.sample')} />
        <Example kind="edge" says={t('bannerGuide.badEdge')} text={t('bannerGuide.sample')} />
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Example({ kind, says, text }: { kind: 'good' | 'small' | 'contrast' | 'edge'; says: string; text: string }) {
  const { t } = useTranslation();
  const good = kind === 'good';
  const Icon = good ? IconCircleCheck : IconCircleX;
  return (
    <figure>
      <BannerExample kind={kind} label={says} text={text} />
      <figcaption className={classes.verdict} data-good={good || undefined}>
        <Icon size={18} aria-hidden />
        <span>
          <strong>{t(good ? 'bannerGuide.good' : 'bannerGuide.bad')}</strong> {says}
        </span>
      </figcaption>
    </figure>
  );
}
