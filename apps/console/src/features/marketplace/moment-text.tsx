import { dayOf } from './days.ts';
import classes from './moment-text.module.css';
import { useFormat } from './use-format.ts';

/** A moment in a narrow column: its day and, in a second line where there is no room for both, its time with the zone. */
export function MomentText({ at }: { at: string }) {
  const format = useFormat();
  return (
    <time dateTime={at} className={classes.moment}>
      <span>{format.day(dayOf(new Date(at), format.zone))}</span> <span>{format.time(at)}</span>
    </time>
  );
}
