import type { Slot } from '@coupon-push/contract/slots.ts';
import { Button } from '@mantine/core';
import { IconArrowUp, IconEye, IconHistory, IconSend } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../../lib/http.ts';
import { ProblemBanner } from '../../../ui/problem-banner.tsx';
import { audienceQuery } from '../../audiences/api/get-audience.ts';
import { tickedCount } from '../../compensation/rules.ts';
import { useMarketplaceNow } from '../../marketplace/clock.ts';
import { useFormat } from '../../marketplace/use-format.ts';
import classes from './action-bar.module.css';
import { useApply } from './apply-context.ts';
import { type Blocker, quotaOf, type Row, registeredOf, rowOfRefusal } from './rules.ts';

interface ActionBarProps {
  slot: Slot | null;
  blockers: Blocker[];
  /** Why the last application was refused. */
  refusal: unknown;
  ready: boolean;
  onJump: (row: Row) => void;
  onPreview: () => void;
  onApply: () => void;
}

/** The facts that decide, always in view, with what can be done about them. */
export function ActionBar({ slot, blockers, refusal, ready, onJump, onPreview, onApply }: ActionBarProps) {
  const { t } = useTranslation();
  const { shop } = useApply();
  const bar = useTellHeight();
  const [first] = blockers;
  const refusedRow = refusal === null ? null : rowOfRefusal(problemOf(refusal).code);
  return (
    <section ref={bar} className={classes.bar} aria-label={t('apply.bar.label')}>
      {refusal !== null && (
        <ProblemBanner error={refusal}>
          {refusedRow !== null && (
            <>
              {' '}
              <button type="button" className={classes.jump} onClick={() => onJump(refusedRow)}>
                {t('apply.bar.jump')}
              </button>
            </>
          )}
        </ProblemBanner>
      )}
      <div className={classes.line}>
        <Facts slot={slot} />
        <div className={classes.buttons}>
          <Button variant="default" leftSection={<IconEye size={16} />} onClick={onPreview}>
            {t('apply.preview')}
          </Button>
          <Button
            component={Link}
            to={`/shops/${shop.id}/history`}
            variant="default"
            leftSection={<IconHistory size={16} />}
          >
            {t('apply.history')}
          </Button>
          <Button
            leftSection={<IconSend size={16} />}
            disabled={!ready}
            onClick={onApply}
            aria-describedby="apply-reason"
          >
            {t('apply.submit')}
          </Button>
        </div>
      </div>
      <div id="apply-reason" className={classes.reason} aria-live="polite">
        {first !== undefined && (
          <button type="button" className={classes.jump} onClick={() => onJump(first.row)}>
            <IconArrowUp size={14} aria-hidden />
            {t(`apply.blocked.${first.code}`)}
          </button>
        )}
      </div>
    </section>
  );
}

/** Tells the page how much of its foot the bar covers: `--cp-bar`. */
function useTellHeight() {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const bar = ref.current;
    if (bar === null) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty('--cp-bar', `${bar.offsetHeight}px`));
    observer.observe(bar);
    return () => {
      observer.disconnect();
      style.removeProperty('--cp-bar');
    };
  }, []);
  return ref;
}

function Facts({ slot }: { slot: Slot | null }) {
  const { t } = useTranslation();
  const { values, slots } = useApply();
  const format = useFormat();
  const now = useMarketplaceNow(10_000);
  const day = values.date === '' ? (slots?.dates[0]?.date ?? '') : values.date;
  const quota = slots === undefined ? null : (quotaOf(day, slots) ?? slots.thisWeek);
  const late = slot !== null && now.getTime() > Date.parse(slot.cancelUntil);
  return (
    <dl className={classes.facts}>
      <Fact label={t('apply.bar.recipients')}>{values.type === 'compensation' ? <Ticked /> : <Fellows />}</Fact>
      <Fact label={t('apply.slot.label')}>{slot === null ? '–' : format.moment(slot.slot)}</Fact>
      <Fact label={t('apply.bar.cancel')} warn={late}>
        {slot === null
          ? '–'
          : late
            ? t('apply.bar.noCancel')
            : t('apply.bar.until', { moment: format.moment(slot.cancelUntil) })}
      </Fact>
      <Fact label={t('apply.bar.quota')} warn={quota !== null && quota.used >= quota.allowed}>
        {quota === null
          ? '–'
          : t(quota.used >= quota.allowed ? 'apply.bar.quotaTaken' : 'apply.bar.quotaFree', {
              used: quota.used,
              allowed: quota.allowed,
            })}
      </Fact>
    </dl>
  );
}

/** Of the fellows that match, those who can be reached. */
function Fellows() {
  const { t } = useTranslation();
  const { shop, values } = useApply();
  const format = useFormat();
  const registered = registeredOf(values);
  const audience = useQuery({ ...audienceQuery(shop.id, registered ?? null), enabled: registered !== undefined });
  if (audience.data === undefined || registered === undefined) return '–';
  const { reachable, matching } = audience.data;
  return t('apply.bar.reachable', { reachable: format.number(reachable), matching: format.number(matching) });
}

/** Of the uploaded customers, those who are ticked. */
function Ticked() {
  const { t } = useTranslation();
  const { values, upload } = useApply();
  const format = useFormat();
  if (upload === null || upload === 'gone') return '–';
  return t('apply.bar.reachable', {
    reachable: format.number(tickedCount(values.selection, upload)),
    matching: format.number(upload.customers),
  });
}

function Fact({ label, warn = false, children }: { label: string; warn?: boolean; children: ReactNode }) {
  return (
    <div data-warn={warn || undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
