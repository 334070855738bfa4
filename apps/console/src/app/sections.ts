/** Pages of one thing belong to the list that it stands in. */
const sections: Record<string, string> = {
  push: 'push',
  coupons: 'coupons',
  history: 'history',
  pushes: 'history',
  features: 'features',
  fellows: 'fellows',
  orders: 'orders',
  staff: 'staff',
};

/** The address of another shop's pages that is nearest to where one is: the same list, never a thing of the first shop. */
export function sameSection(pathname: string, shopId: string): string {
  const [, shops, , section = ''] = pathname.split('/');
  const same = shops === 'shops' && Object.hasOwn(sections, section) ? sections[section] : undefined;
  return `/shops/${shopId}${same === undefined ? '' : `/${same}`}`;
}
