/** The window under the tray's icon. */
import { render } from 'preact';
import { Popover } from './popover/popover.tsx';
import { connect } from './store/pool.ts';
import { followTheme } from './store/theme.ts';

followTheme();
connect();
const place = document.getElementById('screen');
if (place) render(<Popover />, place);
