import type { Marketplace } from './service.ts';

const size = (sizes: string, name: string, purpose: 'any' | 'maskable') => ({
  src: `/my/${name}`,
  sizes,
  type: 'image/png',
  purpose,
});

/** What makes My Page installable on a phone (W3C web application manifest): it has the marketplace's name there. */
export function appManifest({ name, language }: Pick<Marketplace, 'name' | 'language'>) {
  return {
    id: '/my/',
    name,
    short_name: name,
    lang: language,
    start_url: '/my/coupons',
    scope: '/my/',
    display: 'standalone',
    background_color: '#ffffff',
    theme_color: '#b93815',
    icons: [
      size('192x192', 'icon-192.png', 'any'),
      size('512x512', 'icon-512.png', 'any'),
      size('512x512', 'icon-maskable-512.png', 'maskable'),
    ],
  };
}
