import { Alert } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { problemOf } from '../lib/http.ts';
import { useProblemText } from '../lib/use-problem-text.ts';

/** A refusal that belongs to no single field: what happened and what to do. Stays until it is solved. */
export function ProblemBanner({ error, children }: { error: unknown; children?: ReactNode }) {
  const { ofError } = useProblemText();
  const { requestId, status } = problemOf(error);
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle aria-hidden />} role="alert">
      {ofError(error)}
      {status >= 500 && requestId !== undefined && <> ({requestId})</>}
      {children}
    </Alert>
  );
}
