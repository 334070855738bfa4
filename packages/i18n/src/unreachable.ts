import { type Language, languages } from './languages.ts';

/** In the first load, because the catalogues are what may not come. */
const sentences: Record<Language, { text: string; retry: string }> = {
  ja: { text: '接続できません。通信環境を確認して、もう一度お試しください。', retry: 'もう一度読み込む' },
  ko: { text: '연결할 수 없습니다. 네트워크를 확인하고 다시 시도해 주세요.', retry: '다시 불러오기' },
  en: { text: 'No connection. Check the network and try again.', retry: 'Try again' },
};

/** Instead of an empty page, where an app could not load even its sentences: what is wrong, and a way to try again. */
export function showUnreachable(root: HTMLElement): void {
  const language = navigator.languages
    .map((tag) => languages.find((one) => one === tag.split('-')[0]))
    .find((one) => one !== undefined);
  const { text, retry } = sentences[language ?? 'en'];
  document.documentElement.lang = language ?? 'en';
  const page = document.createElement('main');
  page.style.cssText = 'display: grid; justify-items: center; gap: 8px; padding: 40px 16px; text-align: center';
  const sentence = document.createElement('h1');
  sentence.style.fontSize = '16px';
  sentence.textContent = text;
  const button = document.createElement('button');
  button.textContent = retry;
  button.style.cssText = 'min-height: 44px; padding: 0 20px; font-size: 16px';
  button.onclick = () => location.reload();
  page.append(sentence, button);
  root.replaceChildren(page);
}
