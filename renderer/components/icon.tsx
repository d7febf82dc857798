/** Drawn on a grid of 20 with one stroke, in the colour of the text beside it. */
const shapes = {
  add: 'M10 4v12M4 10h12',
  alert: 'M10 3.2 18 16.8H2zM10 8.2v3.6M10 14.2v.1',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  bank: 'M3 8h14M4.5 8v7M8.2 8v7M11.8 8v7M15.5 8v7M3 15.8h14M10 2.8 3 6.8V8h14V6.8z',
  check: 'M4.5 10.5 8.2 14.2 15.5 6',
  chevron: 'm6 8 4 4 4-4',
  clients: 'M2.8 4h14.4v10H2.8zM7 17h6M10 14v3',
  clock: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 6.2V10l2.6 1.8',
  close: 'm5 5 10 10M15 5 5 15',
  copy: 'M7 7h9.5v9.5H7zM13 7V3.5H3.5V13H7',
  dashboard: 'M3.5 3.5h5.4v6H3.5zM11.1 3.5h5.4v3.4h-5.4zM11.1 9.1h5.4v7.4h-5.4zM3.5 11.7h5.4v4.8H3.5z',
  doctor: 'M2.5 10.5h3.3l2-5.5 3.6 10.5 2.2-5h3.9',
  down: 'M10 3.5v9.5M6 9.2l4 4 4-4M4 16.5h12',
  empty: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM5.5 15 15 5.5',
  external: 'M8 4.5H4v11.5h11.5V12M11.5 3.5h5v5M16 4l-7 7',
  eye: 'M2 10s3-5.2 8-5.2 8 5.2 8 5.2-3 5.2-8 5.2S2 10 2 10zM10 7.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z',
  fork: 'M6 3v14M6 10c5 0 8-1.5 8-6M11.6 6 14 3.6 16.4 6',
  info: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 9.2v4.2M10 6.6v.1',
  key: 'M7 9.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6zM9.7 10.3l6.8-6.8M13.2 6.8l2.6 2.6',
  link: 'M8.5 11.5a3.2 3.2 0 0 0 4.5 0l3-3a3.2 3.2 0 0 0-4.5-4.5l-1.2 1.2M11.5 8.5a3.2 3.2 0 0 0-4.5 0l-3 3a3.2 3.2 0 0 0 4.5 4.5l1.2-1.2',
  more: 'M4 10a.6.6 0 1 0 1.2 0A.6.6 0 1 0 4 10zM9.4 10a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0zM14.8 10a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0z',
  money:
    'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM12.4 7.6c-.5-.8-1.4-1.1-2.4-1.1-1.4 0-2.4.6-2.4 1.7 0 2.4 5 1.1 5 3.6 0 1.1-1.1 1.8-2.6 1.8-1.1 0-2.1-.4-2.6-1.2M10 5.3v9.4',
  octagon: 'M7.1 3h5.8L17 7.1v5.8L12.9 17H7.1L3 12.9V7.1zM10 6.6v4M10 13.4v.1',
  pause: 'M7 4.5v11M13 4.5v11',
  pencil: 'M13.5 3.8 16.2 6.5 7 15.7l-3.5.8.8-3.5z',
  pin: 'M10 12.5V17M6 12.5h8l-1.4-3.2V4.5h1V3H6.4v1.5h1v4.8z',
  play: 'M6.5 4.2v11.6L15.8 10z',
  refresh: 'M16 10a6 6 0 1 1-1.8-4.3L16 7.4M16 3.5v3.9h-3.9',
  requests: 'M4 5h.1M7.5 5H17M4 10h.1M7.5 10H17M4 15h.1M7.5 15H17',
  search: 'M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM13 13l3.8 3.8',
  settings:
    'M3 6h6M13.5 6H17M11.2 3.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4zM3 14h3.3M11 14h6M8.7 11.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z',
  signIn: 'M8.5 3.5H16v13H8.5M3 10h9M9 6.8 12.2 10 9 13.2',
  table: 'M3 4h14v12H3zM3 8h14M3 12h14M8.5 8v8',
  trash: 'M3.5 5.5h13M8 5.5V3.5h4v2M5.2 5.5l.8 11h8l.8-11M8.4 8.8v4.6M11.6 8.8v4.6',
  usage: 'M3.5 16.5h13M5.5 16.5V10M10 16.5V4M14.5 16.5V7.5',
  verified: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM6.8 10.3 9.1 12.6l4.2-4.8',
} as const;

export type IconName = keyof typeof shapes;

/** A picture beside a text, never alone: screen readers pass over it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}
