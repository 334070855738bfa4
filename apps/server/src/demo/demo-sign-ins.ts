/** Who can sign in to the demo; the sign-in page and the terminal show them. Their secrets are no secrets. */
export const demoPassword = 'demo-password';
export const demoSignIns = [
  {
    email: 'owner@regent.example.com',
    shop: 'online-retail',
    name: 'Emma Hughes',
    language: 'en',
    label: 'Regent Gifts',
  },
  { email: 'owner@hanamidori.example.com', shop: 'hanamidori', name: '佐藤 美咲', language: 'ja', label: 'はなみどり' },
  { email: 'owner@seoulbloom.example.com', shop: 'seoul-bloom', name: '김서연', language: 'ko', label: '서울블룸' },
] as const;
