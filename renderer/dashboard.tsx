/** The dashboard's window: overview, usage, requests, tools, doctor, settings, the login wizard and the first run. */
import { render } from 'preact';
import { Dashboard } from './shell/dashboard.tsx';
import { connect } from './store/pool.ts';
import { followRoute } from './store/route.ts';
import { followTheme } from './store/theme.ts';
import { forgetWithScreen } from './store/toasts.ts';

followRoute();
followTheme();
forgetWithScreen();
connect();
const place = document.getElementById('screen');
if (place) render(<Dashboard />, place);
