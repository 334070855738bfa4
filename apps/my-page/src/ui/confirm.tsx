import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useText } from '../lib/i18n.ts';
import classes from './confirm.module.css';

interface ConfirmProps {
  question: string;
  text: string;
  /** The words of the button that does it. */
  action: string;
  onAct: () => void;
  onClose: () => void;
  busy?: boolean;
  /** Why it was not done. */
  children?: ReactNode;
}

/** Asks before something that cannot be taken back, or that the browser asks about only once. Esc and Cancel do nothing. */
export function Confirm({ question, text, action, onAct, onClose, busy = false, children }: ConfirmProps) {
  const { t } = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={classes.dialog}
      aria-labelledby={`${id}-question`}
      aria-describedby={`${id}-text`}
      onClose={onClose}
    >
      <h2 id={`${id}-question`}>{question}</h2>
      <p id={`${id}-text`}>{text}</p>
      {children}
      <div className={classes.buttons}>
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {t('common.cancel')}
        </button>
        <button type="button" className="button button-main" disabled={busy} onClick={onAct}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
