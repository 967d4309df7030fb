import '@mantine/core/styles.css';
import './shell/page.css';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.tsx';
import { isSilentFrame, tellAroundFrame } from './sign-in/create-session.ts';
import { startTexts } from './text/start-texts.ts';

if (isSilentFrame()) {
  await tellAroundFrame();
} else {
  await startTexts();
  const place = document.getElementById('root');
  if (place === null) throw new Error('index.html lacks the element that the page is drawn into.');
  createRoot(place).render(<App />);
}
