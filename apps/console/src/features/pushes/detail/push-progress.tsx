import type { Push, PushProgress } from '@coupon-push/contract/pushes.ts';
import { Anchor, Progress } from '@mantine/core';
import { IconBell, IconMail, IconTicket } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { HeldBackList } from '../../audiences/held-back-list.tsx';
import { useFormat } from '../../marketplace/use-format.ts';
import classes from './push-page.module.css';
import type { PushSearch } from './search.ts';

type Channel = PushProgress['channels'][number];

/** How far the push is: issued coupons and each channel; every figure is of what is done, none of what is queued. */
export function PushProgressView({ shop, push }: { shop: { id: number }; push: Push }) {
  const { t } = useTranslation();
  const { progress } = push;
  if (progress.dispatchedAt === null) return null;
  const { ranges, issued } = progress.issuing;
  return (
    <section className={classes.section} aria-label={t('progress.title')}>
      <h2>{t('progress.title')}</h2>
      <dl className={classes.figures}>
        <Figure
          label={t(push.type === 'compensation' ? 'progress.matchingTargets' : 'progress.matching')}
          value={progress.matching}
        />
        <Figure label={t('push.recipients')} value={progress.recipients} />
        <Figure
          label={t('progress.heldBack')}
          value={progress.heldBack.reduce((sum, { customers }) => sum + customers, 0)}
        />
      </dl>
      <HeldBackList heldBack={progress.heldBack} />
      {progress.heldBack.length > 0 && (
        <ListLink shopId={shop.id} pushId={push.id} search={{ tab: 'held-back' }}>
          {t('heldBackList.title')}
        </ListLink>
      )}
      <Bar
        icon={<IconTicket size={18} aria-hidden />}
        label={t('progress.couponBox')}
        done={issued}
        of={ranges}
        text={`${Math.floor(percent(issued, ranges))}%`}
      />
      {progress.channels.map((channel) => (
        <ChannelBar key={channel.channel} shopId={shop.id} pushId={push.id} channel={channel} />
      ))}
    </section>
  );
}

interface ListLinkProps {
  shopId: number;
  pushId: number;
  search: PushSearch;
  children: ReactNode;
}

function ListLink({ shopId, pushId, search, children }: ListLinkProps) {
  return (
    <Anchor
      size="sm"
      renderRoot={(props) => (
        <Link
          {...props}
          to="/shops/$shopId/pushes/$pushId"
          params={{ shopId: String(shopId), pushId: String(pushId) }}
          search={search}
        />
      )}
    >
      {children}
    </Anchor>
  );
}

function ChannelBar({ shopId, pushId, channel }: { shopId: number; pushId: number; channel: Channel }) {
  const { t } = useTranslation();
  const format = useFormat();
  const notes = (['failed', 'gone', 'bounced', 'complaints', 'retries', 'inDoubt'] as const).filter(
    (name) => channel[name] > 0,
  );
  return (
    <div>
      <Bar
        icon={channel.channel === 'email' ? <IconMail size={18} aria-hidden /> : <IconBell size={18} aria-hidden />}
        label={t(`progress.channel.${channel.channel}`)}
        done={channel.sent}
        lost={channel.failed + channel.gone}
        of={channel.owed}
        text={
          channel.owed === 0
            ? t('progress.none')
            : t('progress.sentOf', { sent: format.number(channel.sent), owed: format.number(channel.owed) })
        }
      />
      {notes.length > 0 && (
        <ul className={classes.notes}>
          {notes.map((name) => (
            <li key={name}>
              {t(`progress.${name}`)} <strong>{format.number(channel[name])}</strong>{' '}
              {(name === 'failed' || name === 'gone' || name === 'bounced') && (
                <ListLink
                  shopId={shopId}
                  pushId={pushId}
                  search={{ tab: 'recipients', channel: channel.channel, state: name }}
                >
                  {t('progress.showList')}
                </ListLink>
              )}
            </li>
          ))}
        </ul>
      )}
      {channel.failures.length > 0 && (
        <ul className={classes.notes} aria-label={t('failure.label')}>
          {channel.failures.map(({ kind, customers }) => (
            <li key={kind}>
              {t(`failure.${kind}`)} <strong>{format.number(customers)}</strong>
            </li>
          ))}
        </ul>
      )}
      {channel.paused && <p className="cp-note">{t('progress.channelPaused')}</p>}
    </div>
  );
}

function percent(done: number, of: number): number {
  return of === 0 ? 0 : Math.floor((done / of) * 1000) / 10;
}

interface BarProps {
  icon: ReactNode;
  label: string;
  done: number;
  /** Ended without having arrived. */
  lost?: number;
  of: number;
  text: string;
}

function Bar({ icon, label, done, lost = 0, of, text }: BarProps) {
  return (
    <div className={classes.bar}>
      <div className={classes.barHead}>
        <span>
          {icon} {label}
        </span>
        <span className="cp-num">{text}</span>
      </div>
      <Progress.Root size="md">
        <Progress.Section
          value={percent(done, of)}
          color={of > 0 && done + lost >= of ? 'green.8' : 'blue.7'}
          aria-label={label}
        />
        {lost > 0 && <Progress.Section value={percent(lost, of)} color="yellow.8" withAria={false} />}
      </Progress.Root>
    </div>
  );
}

function Figure({ label, value }: { label: string; value: number }) {
  const format = useFormat();
  return (
    <div>
      <dt>{label}</dt>
      <dd>{format.number(value)}</dd>
    </div>
  );
}
