import 'i18next';
import type consoleCatalogue from '@coupon-push/i18n/ja/console.json';
import type errorCatalogue from '@coupon-push/i18n/ja/errors.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'console';
    resources: { console: typeof consoleCatalogue; errors: typeof errorCatalogue };
  }
}
