export { default as console } from '@coupon-push/i18n/ja/console.json';
export { default as errors } from '@coupon-push/i18n/ja/errors.json';
