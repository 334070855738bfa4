import { IconAlertCircle } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import classes from './form-row.module.css';

interface FormRowProps {
  /** The name by which an error or the action bar finds this row. */
  field: string;
  label: ReactNode;
  /** Given where the row is one control; otherwise the row is a group named by its label. */
  labelFor?: string;
  error?: string | undefined;
  children: ReactNode;
}

/** One row of a form: a label column and a content column between hairlines. */
export function FormRow({ field, label, labelFor, error, children }: FormRowProps) {
  const id = useId();
  const group = labelFor === undefined ? { role: 'group', 'aria-labelledby': id } : {};
  return (
    <div className={classes.row} data-field={field} {...group}>
      <div className={classes.label}>
        {labelFor === undefined ? <span id={id}>{label}</span> : <label htmlFor={labelFor}>{label}</label>}
      </div>
      <div className={classes.content}>
        {children}
        {error !== undefined && <FieldErrorText>{error}</FieldErrorText>}
      </div>
    </div>
  );
}

/** What is wrong with a field and what to do; read out when it appears. */
export function FieldErrorText({ children, id }: { children: ReactNode; id?: string }) {
  return (
    <p className={classes.error} role="alert" id={id}>
      <IconAlertCircle size={16} aria-hidden />
      <span>{children}</span>
    </p>
  );
}

/** Brings a row into view and puts the focus into its first control. */
export function focusField(field: string): void {
  const row = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
  if (row === null) return;
  const controls = ['input:not([type="hidden"])', 'select', 'textarea', 'button', 'a'].map(
    (tag) => `${tag}:not(:disabled)`,
  );
  const first = (suffix: string) => row.querySelector<HTMLElement>(controls.map((control) => control + suffix).join());
  const target = first('[aria-invalid="true"]') ?? first(':checked') ?? first('');
  row.scrollIntoView({ block: 'center', behavior: 'auto' });
  target?.focus({ preventScroll: true });
}
