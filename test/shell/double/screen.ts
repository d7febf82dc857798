import { theMachine } from './machine.ts';
import { requireReady } from './readiness.ts';
import { DoubledEmitter } from './strict.ts';

/** One screen with a panel at its top. */
const bounds = { x: 0, y: 0, width: 1920, height: 1080 };
export const workArea = { x: 0, y: 32, width: 1920, height: 1048 };

const display: Electron.Display = {
  accelerometerSupport: 'unavailable',
  bounds,
  colorDepth: 24,
  colorSpace: '',
  depthPerComponent: 8,
  detected: true,
  displayFrequency: 60,
  id: 1,
  internal: true,
  label: 'Double',
  maximumCursorSize: { width: 0, height: 0 },
  monochrome: false,
  nativeOrigin: { x: 0, y: 0 },
  rotation: 0,
  scaleFactor: 1,
  size: bounds,
  touchSupport: 'unavailable',
  workArea,
  workAreaSize: workArea,
};

type Member =
  | 'getPrimaryDisplay'
  | 'getAllDisplays'
  | 'getDisplayMatching'
  | 'getDisplayNearestPoint'
  | 'getCursorScreenPoint';

class Screen extends DoubledEmitter implements Pick<Electron.Screen, Member> {
  getPrimaryDisplay(): Electron.Display {
    requireReady('The screen module cannot be used');
    return display;
  }

  getAllDisplays(): Electron.Display[] {
    return [this.getPrimaryDisplay()];
  }

  getDisplayMatching(): Electron.Display {
    return this.getPrimaryDisplay();
  }

  getDisplayNearestPoint(): Electron.Display {
    return this.getPrimaryDisplay();
  }

  getCursorScreenPoint(): Electron.Point {
    return { ...theMachine().pointer };
  }

  protected override get doubledEvents(): readonly string[] {
    return ['display-added', 'display-removed', 'display-metrics-changed'];
  }
}

export const screen = new Screen();
