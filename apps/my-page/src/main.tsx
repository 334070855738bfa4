import './app/styles.css';
import { showUnreachable } from '@coupon-push/i18n/unreachable.ts';
import { createRoot } from 'react-dom/client';
import { start } from './app/start.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
start(createRoot(root)).catch(() => showUnreachable(root));
