export const languages = ['ja', 'ko', 'en'] as const;
export type Language = (typeof languages)[number];

/** Each language as its own readers write it. */
export const languageNames: Record<Language, string> = { ja: '日本語', ko: '한국어', en: 'English' };
