import type { Rectangle } from 'electron';

export const popoverSize = { width: 360, height: 560 } as const;
/** Between the tray's icon and the popover, and to the sides of the screen. */
const gap = 8;

/**
 * Where the popover goes: under or over the tray's icon, whichever is inside the work area, and never beyond its sides. Where the
 * platform does not tell the icon's place, at the pointer.
 */
export function popoverPosition(
  tray: Rectangle,
  workArea: Rectangle,
  { width, height }: { width: number; height: number } = popoverSize,
): { x: number; y: number } {
  const within = (value: number, low: number, high: number): number => Math.round(Math.max(low, Math.min(value, high)));
  const isAbove = tray.y + tray.height / 2 < workArea.y + workArea.height / 2;
  return {
    x: within(tray.x + tray.width / 2 - width / 2, workArea.x + gap, workArea.x + workArea.width - width - gap),
    y: within(
      isAbove ? tray.y + tray.height + gap : tray.y - height - gap,
      workArea.y + gap,
      workArea.y + workArea.height - height - gap,
    ),
  };
}
