import type { ReactNode } from 'react';
import classes from './choice-cards.module.css';

export interface Choice {
  value: string;
  label: ReactNode;
  note?: ReactNode;
  disabled?: boolean;
}

interface ChoiceCardsProps {
  name: string;
  /** Names the group for screen readers. */
  label: string;
  choices: Choice[];
  value: string | null;
  onChange: (value: string) => void;
  invalid?: boolean;
}

/** A few alternatives side by side; native radios, so the arrow keys move between them. */
export function ChoiceCards({ name, label, choices, value, onChange, invalid = false }: ChoiceCardsProps) {
  return (
    <div className={classes.cards} role="radiogroup" aria-label={label} aria-invalid={invalid || undefined}>
      {choices.map((choice) => (
        <label key={choice.value} className={classes.card} data-checked={choice.value === value || undefined}>
          <input
            type="radio"
            className={classes.input}
            name={name}
            value={choice.value}
            checked={choice.value === value}
            disabled={choice.disabled ?? false}
            onChange={() => onChange(choice.value)}
          />
          <span className={classes.text}>{choice.label}</span>
          {choice.note !== undefined && <span className={classes.note}>{choice.note}</span>}
        </label>
      ))}
    </div>
  );
}
