import type { Language } from './languages.ts';

const locales: Record<Language, string> = { ja: 'ja-JP', ko: 'ko-KR', en: 'en-US' };

/** How the guides write money where Intl would write it otherwise (`300円`, not `￥300`). */
const suffixes: Record<string, Partial<Record<Language, string>>> = {
  JPY: { ja: '円', ko: '엔' },
  KRW: { ja: 'ウォン', ko: '원' },
};

const unitsByCurrency = new Map<string, number>();

/** How many minor units make one: JPY 1, USD 100. */
export function minorUnitsPer(currency: string): number {
  const digits = () =>
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
  return kept(unitsByCurrency, currency, () => 10 ** digits());
}

/** Whole numbers, grouped: `1,234`. */
export function formatNumber(value: number, language: Language): string {
  return kept(numbers, language, () => new Intl.NumberFormat(locales[language])).format(value);
}

const numbers = new Map<string, Intl.NumberFormat>();
const amounts = new Map<string, Intl.NumberFormat>();
const wallTimes = new Map<string, Intl.DateTimeFormat>();

/** What Intl makes takes a good part of a millisecond to make, and none to use. */
function kept<T>(made: Map<string, T>, key: string, make: () => T): T {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}

/** A share from 0 to 1, as in `12.5%`. */
export function formatPercent(share: number, language: Language): string {
  return new Intl.NumberFormat(locales[language], { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

/** Money of `amountMinor` minor units, as in `2,000円`, `2,000원`, `¥2,000`. */
export function formatMoney(amountMinor: number, currency: string, language: Language): string {
  const amount = amountMinor / minorUnitsPer(currency);
  const suffix = suffixes[currency]?.[language];
  if (suffix !== undefined) return formatNumber(amount, language) + suffix;
  const make = () =>
    new Intl.NumberFormat(locales[language], { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  return kept(amounts, `${language} ${currency}`, make).format(amount);
}

const zoneNames: Record<string, string> = { 'Asia/Tokyo': 'JST', 'Asia/Seoul': 'KST', UTC: 'UTC' };

/** The zone as people write it behind a time: `JST`. */
export function zoneName(zone: string): string {
  const known = zoneNames[zone];
  if (known !== undefined) return known;
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'short' }).formatToParts(new Date());
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

interface WallTime {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
  weekday: string;
}

function wallTime(instant: Date, zone: string, language: Language): WallTime {
  const make = () =>
    new Intl.DateTimeFormat(locales[language], {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      weekday: 'short',
    });
  const parts = kept(wallTimes, `${language} ${zone}`, make).formatToParts(instant);
  const pick = (type: Intl.DateTimeFormatPartTypes) =>
    (parts.find((part) => part.type === type)?.value ?? '').replace(/^(\d)$/, '0$1');
  return {
    year: pick('year'),
    month: pick('month'),
    day: pick('day'),
    hour: pick('hour'),
    minute: pick('minute'),
    second: pick('second'),
    weekday: pick('weekday'),
  };
}

/** A weekday in brackets as each language sets it: `（水）`, `(수)`, ` (Wed)`. */
function bracketed(weekday: string, language: Language): string {
  if (language === 'ja') return `（${weekday}）`;
  return language === 'ko' ? `(${weekday}) ` : ` (${weekday}) `;
}

/** A moment with its zone, as in `11/25（水）10:00 JST`. */
export function formatMoment(instant: Date | string, zone: string, language: Language): string {
  const t = wallTime(new Date(instant), zone, language);
  return `${t.month}/${t.day}${bracketed(t.weekday, language)}${t.hour}:${t.minute} ${zoneName(zone)}`;
}

/** The time of a day with its zone: `10:00 JST`. */
export function formatTime(instant: Date | string, zone: string, language: Language): string {
  const t = wallTime(new Date(instant), zone, language);
  return `${t.hour}:${t.minute} ${zoneName(zone)}`;
}

/** With year and seconds, as Qpost shows it: `2018/08/23（木）11:20:25`. */
export function formatTimestamp(instant: Date | string, zone: string, language: Language): string {
  const t = wallTime(new Date(instant), zone, language);
  return `${t.year}/${t.month}/${t.day}${bracketed(t.weekday, language)}${t.hour}:${t.minute}:${t.second}`;
}

/** A calendar day `2026-11-25` with its weekday: `2026/11/25（水）`. */
export function formatDay(day: string, language: Language): string {
  const t = wallTime(new Date(`${day}T00:00:00Z`), 'UTC', language);
  return `${t.year}/${t.month}/${t.day}${bracketed(t.weekday, language).trimEnd()}`;
}
