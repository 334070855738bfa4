/** Who can sign in to the demo; the sign-in page and the terminal show them. Their secrets are no secrets. */
export const demoPassword = 'demo-password';

export interface DemoSignIn {
  email: string;
  name: string;
  language: 'ja' | 'ko' | 'en';
  label: string;
  /** By shop number. */
  shops: { shopNo: string; role: 'owner' | 'staff' }[];
}

export const demoSignIns: readonly DemoSignIn[] = [
  {
    email: 'owner@regent.example.com',
    name: 'Emma Hughes',
    language: 'en',
    label: 'Regent Gifts',
    shops: [{ shopNo: 'online-retail', role: 'owner' }],
  },
  {
    email: 'owner@hanamidori.example.com',
    name: '佐藤 美咲',
    language: 'ja',
    label: 'はなみどり',
    shops: [{ shopNo: 'hanamidori', role: 'owner' }],
  },
  {
    email: 'owner@seoulbloom.example.com',
    name: '김서연',
    language: 'ko',
    label: '서울블룸',
    shops: [{ shopNo: 'seoul-bloom', role: 'owner' }],
  },
  {
    email: 'staff@hanamidori.example.com',
    name: '高橋 健',
    language: 'ja',
    label: 'はなみどり（スタッフ）',
    shops: [{ shopNo: 'hanamidori', role: 'staff' }],
  },
  {
    email: 'two-shops@example.com',
    name: '田中 直子',
    language: 'ja',
    label: 'はなみどり + 서울블룸',
    shops: [
      { shopNo: 'hanamidori', role: 'owner' },
      { shopNo: 'seoul-bloom', role: 'staff' },
    ],
  },
];
