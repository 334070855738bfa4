import type { ReactNode } from 'react';
import classes from './figures.module.css';

/** A few numbers that say the most, side by side. */
export function Figures({ figures }: { figures: { label: string; value: ReactNode }[] }) {
  return (
    <dl className={classes.figures}>
      {figures.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
