import { useId } from 'react';
import classes from './switch-row.module.css';

interface SwitchRowProps {
  label: string;
  text: string;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

/** A choice that holds at once, with what it means. */
export function SwitchRow({ label, text, on, disabled = false, onChange }: SwitchRowProps) {
  const id = useId();
  return (
    <div className={classes.row}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={classes.switch}
        type="checkbox"
        role="switch"
        aria-checked={on}
        aria-describedby={`${id}-text`}
        checked={on}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <p id={`${id}-text`} className="note">
        {text}
      </p>
    </div>
  );
}
