import type { Order } from '@coupon-push/contract/orders.ts';
import { minorUnitsPer, zoneName } from '@coupon-push/i18n/format.ts';
import type { Language } from '@coupon-push/i18n/languages.ts';
import { consoleText } from '@coupon-push/i18n/translator.ts';
import type { TableColumn } from '../../lib/table-file.ts';

/** The heading of column A in a file of order numbers, in every language (guide, "Order No."). */
const orderNoHeading = 'Order No.';

export function orderColumns(wording: { language: Language; currency: string; zone: string }): TableColumn<Order>[] {
  const { language, currency, zone } = wording;
  const units = minorUnitsPer(currency);
  const word = consoleText.bind(null, language);
  return [
    { heading: orderNoHeading, kind: 'text', value: (order) => order.orderNo },
    {
      heading: `${word('orders.orderedAt')} (${zoneName(zone)})`,
      kind: 'moment',
      value: (order) => new Date(order.orderedAt),
    },
    { heading: word('orders.stateLabel'), kind: 'text', value: (order) => word(`orders.state.${order.state}`) },
    {
      heading: `${word('orders.total')} (${currency})`,
      kind: 'number',
      decimals: Math.round(Math.log10(units)),
      value: (order) => order.totalMinor / units,
    },
    { heading: word('orders.customer'), kind: 'text', value: (order) => order.customer },
  ];
}
