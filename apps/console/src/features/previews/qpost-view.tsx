import type { MessagePreview } from '@coupon-push/contract/pushes.ts';
import classes from './preview.module.css';

interface QpostViewProps {
  qpost: MessagePreview['qpost'];
  language: string;
  width: 'phone' | 'desktop';
}

/** The message in the marketplace's inbox. */
export function QpostView({ qpost, language, width }: QpostViewProps) {
  return (
    <article className={classes.qpost} lang={language} data-width={width}>
      <h2>{qpost.title}</h2>
      <p>{qpost.body}</p>
      <p>
        <span className={classes.qpostButton}>{qpost.button}</span>
      </p>
      <hr />
      <p className={classes.qpostShop}>{qpost.shop}</p>
      <p>
        <strong>{qpost.heading}</strong>
      </p>
      <ul className={classes.qpostItems}>
        {qpost.items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item has no id in a message
          <li key={index}>
            <img src={item.imageUrl} alt="" loading="lazy" />
            <span className={classes.itemName}>{item.name}</span>
            <span>{item.price}</span>
          </li>
        ))}
      </ul>
      {qpost.footer !== null && <p className="cp-note">{qpost.footer}</p>}
    </article>
  );
}
