import {
  parseCount,
  parseEmail,
  parseKey,
  parseLanguage,
  parseLine,
  parseMoment,
  parseMoney,
  parseShop,
  parseSince,
  parseState,
  parseUrl,
  parseYesNo,
  type Value,
  type ValueContext,
} from './values.ts';

export const importKinds = ['customers', 'items', 'orders', 'fellows'] as const;
export type ImportKind = (typeof importKinds)[number];

export interface Field {
  name: string;
  /** A row without it is rejected, and a file without it is refused. */
  required: boolean;
  /** Headings under which other systems have it; the earlier ones win. The name itself comes before all of them. */
  headings: readonly string[];
  parse(text: string, context: ValueContext, factor: number | undefined): Value;
  /** Amounts can be multiplied. */
  money: boolean;
  /** For the usage text. */
  hint: string;
}

function field(
  name: string,
  parse: Field['parse'],
  options: { required?: true; money?: true; hint?: string; headings: readonly string[] },
): Field {
  return {
    name,
    parse,
    required: options.required ?? false,
    money: options.money ?? false,
    headings: options.headings,
    hint: options.hint ?? '',
  };
}

const shopNo = field('shop_no', parseShop, {
  required: true,
  headings: [
    'shop',
    'shop_id',
    'shop_code',
    'store',
    'store_no',
    'ショップ番号',
    'ショップ',
    '店舗番号',
    '店舗コード',
    '샵번호',
    '샵',
    '상점번호',
  ],
});
const customerNo = field('customer_no', parseKey, {
  required: true,
  headings: [
    'customer_id',
    'customer_number',
    'customer',
    'member_no',
    'member_id',
    'user_id',
    '会員番号',
    '会員No',
    '顧客番号',
    'お客様番号',
    '회원번호',
    '고객번호',
  ],
});

const customerFields: readonly Field[] = [
  customerNo,
  field('login_id', parseKey, {
    headings: ['login', 'username', 'account', 'id', 'ログインID', '会員ID', 'ID', '아이디', '로그인ID', '회원ID'],
  }),
  field('name', (text) => parseLine(text, 200), {
    headings: [
      'customer_name',
      'full_name',
      '氏名',
      '名前',
      'お名前',
      '会員名',
      '顧客名',
      '이름',
      '성명',
      '회원명',
      '고객명',
    ],
  }),
  field('email', parseEmail, {
    headings: [
      'e-mail',
      'mail',
      'email_address',
      'mail_address',
      'メールアドレス',
      'メール',
      'Eメール',
      '이메일',
      '이메일주소',
      '메일',
    ],
  }),
  field('email_verified', parseSince, {
    hint: 'yes, no or since when',
    headings: [
      'email_verified_at',
      'verified',
      'verified_at',
      'メール認証',
      'メール認証日時',
      '認証済み',
      '이메일인증',
      '이메일인증일',
      '인증여부',
    ],
  }),
  field('language', parseLanguage, { hint: 'ja, ko or en', headings: ['lang', 'locale', '言語', '언어'] }),
  field('refuses_coupon_mail', parseYesNo, {
    hint: 'yes or no',
    headings: [
      'refuses_mail',
      'mail_opt_out',
      'opt_out',
      'unsubscribed',
      'クーポンメール拒否',
      'メール拒否',
      '配信停止',
      '쿠폰메일수신거부',
      '메일수신거부',
      '수신거부',
    ],
  }),
  field('accepts_app_push', parseYesNo, {
    hint: 'yes or no',
    headings: ['app_push', 'push_opt_in', 'アプリプッシュ', 'プッシュ通知', '앱푸시', '푸시수신'],
  }),
  field('accepts_night_messages', parseYesNo, {
    hint: 'yes or no',
    headings: ['night_messages', '夜間配信', '야간수신', '야간수신동의'],
  }),
  field('left', parseSince, {
    hint: 'yes, no or since when',
    headings: [
      'left_at',
      'withdrawn',
      'withdrawn_at',
      'deleted_at',
      '退会',
      '退会日',
      '退会日時',
      '탈퇴',
      '탈퇴일',
      '탈퇴여부',
    ],
  }),
];

const itemFields: readonly Field[] = [
  shopNo,
  field('item_no', parseKey, {
    required: true,
    headings: [
      'item_number',
      'item_code',
      'item_id',
      'stock_code',
      'sku',
      'product_no',
      'product_code',
      'product_id',
      'code',
      '商品番号',
      '商品コード',
      '상품번호',
      '상품코드',
    ],
  }),
  field('name', (text) => parseLine(text, 300), {
    required: true,
    headings: ['item_name', 'product_name', 'title', 'description', '商品名', '상품명'],
  }),
  field('price', parseMoney, {
    required: true,
    money: true,
    hint: 'in the main unit: 1,234 or 12.50',
    headings: ['unit_price', 'sales_price', 'selling_price', '価格', '販売価格', '単価', '가격', '판매가', '단가'],
  }),
  field('image_url', parseUrl, {
    headings: ['image', 'picture', 'picture_url', '画像', '画像URL', '商品画像', '이미지', '이미지URL', '상품이미지'],
  }),
  field('category_large', (text) => parseLine(text, 100), {
    headings: [
      'category',
      'category1',
      'large_category',
      '大カテゴリ',
      '大カテゴリー',
      'カテゴリ',
      '大分類',
      '대분류',
      '대카테고리',
      '카테고리',
    ],
  }),
  field('category_middle', (text) => parseLine(text, 100), {
    headings: ['category2', 'middle_category', '中カテゴリ', '中カテゴリー', '中分類', '중분류', '중카테고리'],
  }),
  field('category_small', (text) => parseLine(text, 100), {
    headings: ['category3', 'small_category', '小カテゴリ', '小カテゴリー', '小分類', '소분류', '소카테고리'],
  }),
  field('sales_rank', (text) => parseCount(text, 1), {
    hint: '1 is the best',
    headings: ['rank', 'ranking', '販売順位', 'ランキング', '順位', '판매순위', '순위'],
  }),
  field('units_sold', (text) => parseCount(text, 0), {
    hint: "ranks the shop's items anew",
    headings: ['sold', 'quantity_sold', 'sales', '販売数', '販売数量', '판매수량', '판매량'],
  }),
  field('on_sale', parseYesNo, {
    hint: 'yes or no',
    headings: ['active', 'available', '販売中', '販売状態', '판매중', '판매여부'],
  }),
];

const orderFields: readonly Field[] = [
  field('order_no', parseKey, {
    required: true,
    headings: [
      'order_number',
      'order_id',
      'order',
      'invoice_no',
      'invoice',
      '注文番号',
      '注文No',
      '受注番号',
      '주문번호',
    ],
  }),
  shopNo,
  customerNo,
  field('ordered_at', parseMoment, {
    required: true,
    hint: "2026-01-31 or 2026-01-31T10:20:30+09:00; without an offset in the marketplace's time zone",
    headings: [
      'order_date',
      'ordered_on',
      'invoice_date',
      'date',
      'created_at',
      '注文日時',
      '注文日',
      '受注日',
      '주문일시',
      '주문일',
      '주문일자',
    ],
  }),
  field('total', parseMoney, {
    required: true,
    money: true,
    hint: 'in the main unit: 1,234 or 12.50',
    headings: [
      'total_price',
      'total_amount',
      'amount',
      'order_total',
      '合計',
      '合計金額',
      '注文金額',
      '購入金額',
      '합계',
      '총금액',
      '주문금액',
      '결제금액',
    ],
  }),
  field('state', parseState, {
    hint: 'paid, shipped, delivered or cancelled',
    headings: ['status', 'order_status', '状態', '注文状態', '注文ステータス', 'ステータス', '상태', '주문상태'],
  }),
];

const fellowFields: readonly Field[] = [
  shopNo,
  customerNo,
  field('registered_at', parseMoment, {
    required: true,
    hint: "2026-01-31 or 2026-01-31T10:20:30+09:00; without an offset in the marketplace's time zone",
    headings: [
      'registered_on',
      'registration_date',
      'date',
      'since',
      'created_at',
      '登録日時',
      '登録日',
      'お気に入り登録日',
      '등록일시',
      '등록일',
      '단골등록일',
    ],
  }),
];

/**
 * What each kind of file can have. The order is that of the staging tables' columns (imports/staging.ts), and a field's
 * place is its bit in their column `present`.
 */
export const fieldsOf: Record<ImportKind, readonly Field[]> = {
  customers: customerFields,
  items: itemFields,
  orders: orderFields,
  fellows: fellowFields,
};
