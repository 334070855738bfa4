/** Names, sign-in names and languages for customers that have a number only. The same number is always the same person. */
export interface DemoCustomer {
  no: string;
  login: string;
  name: string;
  email: string;
  language: 'ja' | 'ko' | 'en';
}

const ja = {
  family: pairs(
    '佐藤 sato 鈴木 suzuki 高橋 takahashi 田中 tanaka 伊藤 ito 渡辺 watanabe 山本 yamamoto 中村 nakamura 小林 kobayashi 加藤 kato 吉田 yoshida 山田 yamada 佐々木 sasaki 松本 matsumoto 井上 inoue 木村 kimura 林 hayashi 清水 shimizu 斎藤 saito 森 mori 阿部 abe 池田 ikeda 橋本 hashimoto 石川 ishikawa 前田 maeda 藤田 fujita 岡田 okada 後藤 goto 長谷川 hasegawa 村上 murakami 近藤 kondo 石井 ishii 坂本 sakamoto 遠藤 endo 青木 aoki 西村 nishimura 福田 fukuda 太田 ota 三浦 miura 原田 harada',
  ),
  given: pairs(
    '美咲 misaki 陽菜 hina 葵 aoi 結衣 yui 恵 megumi 直子 naoko 由美 yumi 真由美 mayumi 彩 aya 愛 ai 健太 kenta 翔太 shota 大輔 daisuke 拓也 takuya 誠 makoto 浩 hiroshi 蓮 ren 悠斗 yuto 陽子 yoko 千尋 chihiro 和子 kazuko 智子 tomoko 香織 kaori 裕子 yuko 桃子 momoko 舞 mai 学 manabu 隆 takashi 剛 tsuyoshi 優 yu 菜々子 nanako 麻衣 mai 梨花 rika 涼介 ryosuke',
  ),
};
const ko = {
  family: pairs(
    '김 kim 이 lee 박 park 최 choi 정 jung 강 kang 조 cho 윤 yoon 장 jang 임 lim 한 han 오 oh 서 seo 신 shin 권 kwon 황 hwang 안 ahn 송 song 홍 hong',
  ),
  given: pairs(
    '서연 seoyeon 민준 minjun 지우 jiwoo 서준 seojun 하은 haeun 도윤 doyun 지민 jimin 수빈 subin 예은 yeeun 현우 hyunwoo 유진 yujin 준호 junho 은지 eunji 성민 seongmin 혜진 hyejin 다은 daeun 소영 soyoung 미경 mikyung 정훈 junghoon',
  ),
};
const en = {
  family: pairs(
    'Smith smith Jones jones Taylor taylor Brown brown Hughes hughes Wilson wilson Evans evans Walker walker Wright wright Thompson thompson White white Roberts roberts Green green Hall hall Clarke clarke Patel patel Wood wood Lewis lewis Morgan morgan Cooper cooper',
  ),
  given: pairs(
    'Emma emma Olivia olivia Grace grace Amelia amelia Lucy lucy Hannah hannah Sophie sophie Charlotte charlotte Alice alice Megan megan Oliver oliver Jack jack Harry harry George george Thomas thomas James james Daniel daniel Ben ben Samuel samuel Adam adam',
  ),
};

function pairs(text: string): [name: string, latin: string][] {
  const words = text.split(' ');
  return words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : []));
}

/** A small generator of numbers that look random and are always the same (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Four in five Japanese, the others Korean and English. The number is part of the address, so no two are the same. */
export function demoCustomer(no: string): DemoCustomer {
  const random = randomFrom(Number(no));
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const turn = random();
  const language = turn < 0.8 ? 'ja' : turn < 0.9 ? 'ko' : 'en';
  const names = { ja, ko, en }[language];
  const [family, familyLatin] = pick(names.family);
  const [given, givenLatin] = pick(names.given);
  const name = { ja: `${family} ${given}`, ko: `${family}${given}`, en: `${given} ${family}` }[language];
  const base = pick([`${givenLatin}.${familyLatin}`, `${familyLatin}_${givenLatin}`, `${givenLatin}${familyLatin}`]);
  const login = `${base}${no}`;
  return { no, login, name, email: `${login}@example.com`, language };
}
